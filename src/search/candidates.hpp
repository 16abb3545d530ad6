#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/objective/measure.hpp>
#include <fallline/workers.hpp>
#include <optional>
#include <span>
#include <vector>

#include "aligned.hpp"
#include "model/score_pass.hpp"

namespace fallline {

/// L(W, b) at K weights in one pass over the data. K models of C classes are one of K·C classes,
/// and its scores one matrix product: a row is read, and widened, once for several models.
///
/// A candidate's value does not depend on the others, and is to the bit what `evaluate` finds.
class Candidates {
 public:
  Candidates(const Dataset& data, Preprocessing preprocessing, Loss loss, Penalty penalty,
             Workers& workers);

  /// Makes them K candidates, with weights that are to be drawn.
  void resize(std::size_t count);

  /// Sets parameter i of candidate k to `draw(k, i)` for all of them, from any of the workers.
  template <class Draw>
  void draw(Draw&& draw) {
    const std::size_t features = data_.features();
    workers_.for_each(count_ * classes_, [&](std::size_t row) {
      const std::size_t k = row / classes_;
      const std::size_t c = row % classes_;
      for (std::size_t d = 0; d < features; ++d)
        parameters_[row * features + d] = draw(k, c * features + d);
      parameters_[count_ * classes_ * features + row] = draw(k, classes_ * features + c);
    });
  }

  /// The value of each. Valid until the next call.
  [[nodiscard]] std::span<const Measure> measure();

  /// Copies the P parameters of candidate k, as `Linear` lays them out.
  void copy(std::size_t k, std::span<float> parameters) const;

  /// Bytes of working memory for `count` candidates.
  [[nodiscard]] static std::size_t working_bytes(std::size_t features, std::size_t classes,
                                                 std::size_t count);

 private:
  void measure_block(std::size_t example, std::size_t i, std::size_t count);
  void add_up(std::size_t n);
  [[nodiscard]] std::span<const float> weights(std::size_t k) const;

  Dataset data_;
  Preprocessing preprocessing_;
  Loss loss_;
  Penalty penalty_;
  Workers& workers_;
  std::size_t classes_;
  std::size_t count_ = 0;
  std::optional<ScorePass> pass_;    // of K·C classes
  AlignedVector<float> parameters_;  // W row by row of each, then b of each
  std::vector<float> losses_;        // K × most
  std::vector<std::int32_t> ranks_;  // K × most
  std::vector<Measure> found_;
};

}  // namespace fallline
