#include "search/candidates.hpp"

#include <algorithm>
#include <utility>

#include "model/products.hpp"
#include "objective/labelled_block.hpp"

namespace fallline {

Candidates::Candidates(const Dataset& data, Preprocessing preprocessing, Loss loss, Penalty penalty,
                       Workers& workers)
    : data_(data),
      preprocessing_(std::move(preprocessing)),
      loss_(loss),
      penalty_(penalty),
      workers_(workers),
      classes_(data.classes()) {}

void Candidates::resize(std::size_t count) {
  if (count == count_) return;
  count_ = count;
  pass_.emplace(data_, preprocessing_, count * classes_, workers_);
  parameters_.resize(count * classes_ * (data_.features() + 1));
  losses_.resize(count * ScorePass::most);
  ranks_.resize(count * ScorePass::most);
}

std::span<const Measure> Candidates::measure() {
  pass_->set_weights(parameters_);
  found_.assign(count_, Measure{.examples = data_.size()});
  pass_->run_all([&](std::size_t first, std::size_t i,
                     std::size_t count) { measure_block(first + i, i, count); },
                 [&](std::size_t /*first*/, std::size_t n) { add_up(n); });
  workers_.for_each(count_, [&](std::size_t k) {
    found_[k].loss /= static_cast<double>(data_.size());
    found_[k].penalty = penalty_.value(weights(k));
  });
  return found_;
}

/// The block at position i of the batch, whose examples begin with `example`.
void Candidates::measure_block(std::size_t example, std::size_t i, std::size_t count) {
  float* scores = pass_->scores(i).data();
  for (std::size_t k = 0; k < count_; ++k) {
    const LabelledBlock block(scores + k * classes_ * kernels::block, classes_, count,
                              [&](std::size_t j) { return data_.labels()[example + j]; });
    block.ranks(ranks_.data() + k * ScorePass::most + i);
    block.losses(loss_, losses_.data() + k * ScorePass::most + i);
  }
}

/// Example by example in order, as `evaluate` does.
void Candidates::add_up(std::size_t n) {
  for (std::size_t k = 0; k < count_; ++k)
    for (std::size_t i = k * ScorePass::most; i < k * ScorePass::most + n; ++i) {
      found_[k].loss += losses_[i];
      found_[k].correct += ranks_[i] == 0;
    }
}

std::span<const float> Candidates::weights(std::size_t k) const {
  const std::size_t size = classes_ * data_.features();
  return std::span(parameters_).subspan(k * size, size);
}

void Candidates::copy(std::size_t k, std::span<float> parameters) const {
  std::ranges::copy(weights(k), parameters.begin());
  const std::size_t biases = count_ * classes_ * data_.features();
  std::ranges::copy(std::span(parameters_).subspan(biases + k * classes_, classes_),
                    parameters.last(classes_).begin());
}

std::size_t Candidates::working_bytes(std::size_t features, std::size_t classes,
                                      std::size_t count) {
  const std::size_t all = count * classes;
  return all * (features + 1) * 4 + products_bytes(features, all, 0) +
         ScorePass::most * (all * 4 + count * 8);
}

}  // namespace fallline
