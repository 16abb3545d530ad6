#include "model/score_pass.hpp"

#include <array>
#include <utility>

#include "kernels/columns.hpp"

namespace fallline {

ScorePass::ScorePass(Dataset data, const Preprocessing& preprocessing, std::size_t classes,
                     Workers& workers, Arithmetic arithmetic)
    : data_(std::move(data)),
      classes_(classes),
      workers_(workers),
      products_(make_products(arithmetic, data_, preprocessing, classes, workers.threads())),
      scores_(most * classes) {}

void ScorePass::set_weights(std::span<const float> parameters) {
  for_columns([&](kernels::ColumnBlocks columns, std::size_t thread) {
    set_weights(parameters, columns, thread);
  });
  finish_weights(parameters);
}

void ScorePass::add_class_sums(std::span<double> sums) const {
  kernels::add_class_sums(scores_.data(), classes_, kernels::blocks_of(examples_), sums.data());
}

void ScorePass::make_stage(std::size_t examples) {
  stage_ = {.cells = nullptr, .rows = kernels::blocks_of(examples) * kernels::block};
  const std::size_t bytes = stage_.bytes(data_.cells(), data_.features());
  if (cells_.size() < bytes) cells_.resize(bytes);
  stage_.cells = cells_.data();
}

void ScorePass::fill(std::span<const std::size_t> examples, std::size_t first, std::size_t end,
                     std::span<const std::size_t> next) {
  std::array<const std::byte*, 2 * most_of_piece> pointers;
  const std::size_t count = end - first;
  const std::size_t known = count + std::min(count, next.size());
  for (std::size_t i = 0; i < count; ++i) pointers[i] = data_.rows()[examples[first + i]];
  for (std::size_t i = count; i < known; ++i) pointers[i] = data_.rows()[next[i - count]];
  const std::span<const std::byte* const> all(pointers.data(), known);
  products_->scores(all.first(count), all.subspan(count), scores(first).data(), stage_, first);
}

}  // namespace fallline
