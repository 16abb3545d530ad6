#include "model/score_pass.hpp"

#include <array>
#include <utility>

#include "kernels/columns.hpp"

namespace fallline {

ScorePass::ScorePass(Dataset data, const Preprocessing& preprocessing, std::size_t classes,
                     Workers& workers)
    : data_(std::move(data)),
      classes_(classes),
      workers_(workers),
      panel_{.classes = classes, .features = data_.features()},
      mean_(preprocessing.mean),
      scale_(preprocessing.scale.begin(), preprocessing.scale.end()),
      bias_(classes),
      weights_(panel_.size()),
      scores_(most * classes) {
  const kernels::Panel one{.classes = 1, .features = data_.features()};
  const std::vector<float> unscaled(data_.features(), 1.0F);
  mean_panel_.resize(one.size());
  kernels::pack(one, mean_.data(), unscaled.data(), {.begin = 0, .end = one.column_blocks()},
                mean_panel_.data());
}

void ScorePass::set_weights(std::span<const float> parameters) {
  for_columns([&](kernels::ColumnBlocks columns, std::size_t /*thread*/) {
    set_weights(parameters, columns);
  });
  set_bias(parameters);
}

void ScorePass::set_weights(std::span<const float> parameters, kernels::ColumnBlocks columns) {
  kernels::pack(panel_, parameters.data(), scale_.data(), columns, weights_.data());
}

void ScorePass::set_bias(std::span<const float> parameters) {
  std::ranges::copy(parameters.last(classes_), bias_.begin());
}

void ScorePass::add_class_sums(std::span<double> sums) const {
  kernels::add_class_sums(scores_.data(), classes_, kernels::blocks_of(examples_), sums.data());
}

void ScorePass::add_outer(kernels::ColumnBlocks columns, kernels::OuterSums sums) const {
  sums.scale = scale_.data();
  const kernels::StagedRows rows{.stage = stage_,
                                 .count = examples_,
                                 .cells = data_.cells(),
                                 .features = data_.features(),
                                 .mean = mean_panel_.data()};
  kernels::add_outer(rows, scores_.data(), classes_, columns, sums);
}

void ScorePass::make_stage(std::size_t examples) {
  stage_ = {.cells = nullptr, .rows = kernels::blocks_of(examples) * kernels::block};
  const std::size_t bytes = stage_.bytes(data_.cells(), data_.features());
  if (cells_.size() < bytes) cells_.resize(bytes);
  stage_.cells = cells_.data();
}

void ScorePass::fill(std::span<const std::size_t> examples, std::size_t first, std::size_t end) {
  // The rows of the piece, and as many more: those of the next, which the same thread most often
  // takes.
  std::array<const std::byte*, 2 * most_of_piece> pointers;
  const std::size_t count = end - first;
  const std::size_t known = std::min(2 * count, examples.size() - first);
  for (std::size_t i = 0; i < known; ++i) pointers[i] = data_.rows()[examples[first + i]];
  const std::span<const std::byte* const> all(pointers.data(), known);
  const kernels::Rows rows{.pointers = all.first(count),
                           .cells = data_.cells(),
                           .features = data_.features(),
                           .mean = mean_panel_.data(),
                           .ahead = all.subspan(count)};
  kernels::scores(rows, weights_.data(), bias_.data(), classes_, scores(first).data(), stage_,
                  first);
}

}  // namespace fallline
