#pragma once

#include <algorithm>
#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/workers.hpp>
#include <span>
#include <vector>

#include "kernels/linear.hpp"

namespace fallline {

/// Scores of many examples, block by block: what training, evaluation and prediction share.
class ScorePass {
 public:
  /// Examples whose scores are held at once.
  static constexpr std::size_t block = 1024;
  /// Examples of one piece of work.
  static constexpr std::size_t piece = 32;

  ScorePass(Dataset data, const Preprocessing& preprocessing, std::size_t classes,
            Workers& workers);

  [[nodiscard]] const Dataset& data() const { return data_; }
  [[nodiscard]] std::size_t stride() const { return kernels::padded(data_.features()); }
  [[nodiscard]] std::span<const float> scale() const { return scale_; }
  [[nodiscard]] std::span<const float> mean() const { return mean_; }

  /// Takes W (C×D) and b as the weights of the next blocks, with the scale folded in.
  void set_weights(std::span<const float> parameters);

  /// Scores of `examples` (at most `block` indices), C each, in `scores()`; `visit(i)` is called
  /// for each position i once its scores are there, from any of the workers.
  template <class Visit>
  void run(std::span<const std::size_t> examples, Visit&& visit) {
    gather(examples);
    const std::size_t n = examples.size();
    workers_.for_each((n + piece - 1) / piece, [&](std::size_t p) {
      const std::size_t first = p * piece;
      const std::size_t count = std::min(piece, n - first);
      score(first, count);
      for (std::size_t i = first; i < first + count; ++i) visit(i);
    });
  }

  /// The scores of position i of the last block.
  [[nodiscard]] std::span<float> scores(std::size_t i) {
    return std::span(scores_).subspan(i * classes_, classes_);
  }
  /// a += Gᵀ(X − mean) over the last block, where `scores()` were replaced by G; `a` is C rows
  /// `stride()` apart.
  void add_outer(std::span<float> a);

 private:
  /// Columns of one piece of work in `add_outer`.
  static constexpr std::size_t strip = 256;

  [[nodiscard]] kernels::Rows rows() const;
  void gather(std::span<const std::size_t> examples);
  void score(std::size_t first, std::size_t count);

  Dataset data_;
  std::size_t classes_;
  Workers& workers_;
  std::vector<float> mean_;     // padded(D)
  std::vector<float> scale_;    // D
  std::vector<float> weights_;  // C × padded(D)
  std::vector<float> bias_;     // C
  std::vector<float> scores_;   // block × C
  std::vector<const std::byte*> pointers_;
};

}  // namespace fallline
