#pragma once

// The losses of `fallline/loss/` over blocks of 16 examples, one a lane: the same formulas, and
// the same treatment of kinks and of NaN.

#include <cstddef>
#include <cstdint>
#include <fallline/loss/loss.hpp>

namespace fallline::kernels {

/// Up to 16 examples and their scores, C×16: the 16 scores of one class after another.
struct ScoreBlock {
  float* scores = nullptr;
  std::size_t classes = 0;
  const std::int32_t* labels = nullptr;  ///< 16, each in 0..C-1, those of missing examples too
  std::size_t count = 0;                 ///< examples that are there, 1..16
};

/// L_i of each example into `losses` (16 floats).
///
/// The softmax takes e^x in float with an error of at most 1.1 ULP for x in [−87.33, 0], and log x
/// with one of at most 1 ULP for x in [1, 10⁶]: over all these floats it is 1.04 and 0.91. Below,
/// where floats become denormal, e^x errs by at most the smallest of them, 2⁻¹⁴⁹, and from −104 on
/// it is 0.
void losses(const Loss& loss, const ScoreBlock& examples, float* losses);

/// As `losses`, and `examples.scores` becomes G = weight · ∂L_i/∂f, 0 for missing examples.
void gradients(const Loss& loss, const ScoreBlock& examples, float weight, float* losses);

/// How many classes come before the example's own, of each example into `ranks` (16 numbers): those
/// with a higher score, and of equal scores the first. A score that is NaN counts as higher.
void ranks(const ScoreBlock& examples, std::int32_t* ranks);

/// y = e^x and y = log x of n floats: for the test of their errors.
void exponentials(const float* x, std::size_t n, float* y);
void logarithms(const float* x, std::size_t n, float* y);

}  // namespace fallline::kernels
