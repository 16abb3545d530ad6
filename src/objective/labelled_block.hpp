#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <fallline/loss/loss.hpp>
#include <numeric>

#include "kernels/losses.hpp"

namespace fallline {

/// What was found on a block of examples.
struct BlockSums {
  double loss = 0;
  std::size_t correct = 0;
};

/// The scores of a block with the labels of its examples, in as many places as the kernels read.
class LabelledBlock {
 public:
  /// @param label  label(i) of the i-th of `count` examples
  template <class Label>
  LabelledBlock(float* scores, std::size_t classes, std::size_t count, Label label) {
    block_ = {.scores = scores, .classes = classes, .labels = labels_.data(), .count = count};
    for (std::size_t i = 0; i < count; ++i) labels_[i] = label(i);
  }
  LabelledBlock(const LabelledBlock&) = delete;
  LabelledBlock& operator=(const LabelledBlock&) = delete;

  /// Of each example, 16 places.
  void ranks(std::int32_t* ranks) const { kernels::ranks(block_, ranks); }
  void losses(const Loss& loss, float* losses) const { kernels::losses(loss, block_, losses); }

  [[nodiscard]] BlockSums sums(const Loss& loss) const {
    return sums_with([&](float* losses) { kernels::losses(loss, block_, losses); });
  }
  /// The same; the scores are replaced by weight · ∂L_i/∂f.
  [[nodiscard]] BlockSums sums_and_slopes(const Loss& loss, float weight) const {
    return sums_with([&](float* losses) { kernels::gradients(loss, block_, weight, losses); });
  }

 private:
  template <class Losses>
  [[nodiscard]] BlockSums sums_with(Losses losses_to) const {
    std::array<std::int32_t, kernels::block> ranks;
    std::array<float, kernels::block> losses;
    kernels::ranks(block_, ranks.data());
    losses_to(losses.data());
    const auto n = static_cast<std::ptrdiff_t>(block_.count);
    return {.loss = std::accumulate(losses.begin(), losses.begin() + n, 0.0),
            .correct = static_cast<std::size_t>(std::count(ranks.begin(), ranks.begin() + n, 0))};
  }

  std::array<std::int32_t, kernels::block> labels_{};
  kernels::ScoreBlock block_;
};

}  // namespace fallline
