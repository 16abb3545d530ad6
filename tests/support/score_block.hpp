#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/loss/loss.hpp>
#include <span>
#include <utility>
#include <vector>

#include "kernels/layout.hpp"
#include "kernels/losses.hpp"
#include "support/datasets.hpp"
#include "support/guarded.hpp"

namespace fallline::test {

/// Scores of up to 16 examples in guarded memory, with what the kernels find of them.
struct ScoreBlock {
  /// Random scores and labels.
  ScoreBlock(std::size_t c, std::size_t n, double deviation, std::uint64_t seed)
      : classes(c), count(n), scores(c * kernels::block), labels(kernels::block) {
    const auto random = random_vector<float>(scores.size(), deviation, seed);
    std::ranges::copy(random, scores.data());
    const Random draws(seed, Purpose::search);
    for (std::size_t i = 0; i < kernels::block; ++i)
      labels[i] = static_cast<std::int32_t>(draws.below(i, classes));
  }

  [[nodiscard]] float& score(std::size_t i, std::size_t c) {
    return scores[c * kernels::block + i];
  }
  [[nodiscard]] std::size_t label(std::size_t i) const {
    return static_cast<std::size_t>(labels[i]);
  }
  /// The scores of one example in double.
  [[nodiscard]] std::vector<double> row(std::size_t i) const {
    std::vector<double> f(classes);
    for (std::size_t c = 0; c < classes; ++c)
      f[c] = static_cast<double>(scores[c * kernels::block + i]);
    return f;
  }

  [[nodiscard]] std::vector<float> losses(const Loss& loss) {
    return found<float>([&](float* out) { kernels::losses(loss, view(), out); });
  }
  /// Losses, and G in the place of the scores.
  [[nodiscard]] std::vector<float> gradients(const Loss& loss, float weight) {
    return found<float>([&](float* out) { kernels::gradients(loss, view(), weight, out); });
  }
  [[nodiscard]] std::vector<std::int32_t> ranks() {
    return found<std::int32_t>([&](std::int32_t* out) { kernels::ranks(view(), out); });
  }

  std::size_t classes;
  std::size_t count;
  Guarded<float> scores;         // C×16
  Guarded<std::int32_t> labels;  // 16

 private:
  [[nodiscard]] kernels::ScoreBlock view() {
    return {.scores = scores.data(), .classes = classes, .labels = labels.data(), .count = count};
  }
  /// What a kernel writes of the examples that are there.
  template <class T, class Kernel>
  [[nodiscard]] std::vector<T> found(Kernel&& kernel) {
    Guarded<T> out(kernels::block);
    kernel(out.data());
    EXPECT_TRUE(out.intact() && scores.intact() && labels.intact());
    return {out.begin(), out.begin() + count};
  }
};

}  // namespace fallline::test
