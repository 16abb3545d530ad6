#pragma once

// The losses of a block of examples at many points of a line: what a picture of an objective is
// made of. The scores are formed in registers and go nowhere.

#include <cstddef>
#include <cstdint>
#include <fallline/loss/loss.hpp>

namespace fallline::kernels {

/// Up to 16 examples whose scores at the point t of a line are base + t·slope, C×16 each, in the
/// layout of `ScoreBlock`.
struct ScoreLine {
  const float* base = nullptr;
  const float* slope = nullptr;
  std::size_t classes = 0;
  const std::int32_t* labels = nullptr;  ///< 16, each in 0..C-1, those of missing examples too
  std::size_t count = 0;                 ///< examples that are there, 1..16
};

/// Points of the line and what is found at each.
struct LinePoints {
  const float* at = nullptr;  ///< t
  std::size_t count = 0;
  double* losses = nullptr;  ///< Σ L_i is added
  std::uint64_t* hits =
      nullptr;  ///< examples whose own class comes first are added; null: not asked
};

/// Adds the losses of `kernels::losses`, summed in double, example by example in one order.
void add_losses_along(const Loss& loss, const ScoreLine& examples, const LinePoints& points);

/// base = scores + u·slope of C×16 numbers: the line through another point of a plane.
void move_scores(const float* scores, const float* slope, float u, std::size_t classes,
                 float* base);

}  // namespace fallline::kernels
