#pragma once

#include <fallline/landscape/plane.hpp>
#include <fallline/objective/measure.hpp>
#include <fallline/tune/rate_sweep.hpp>
#include <vector>

namespace fallline::landscape {

/// Where a step along the steepest descent of a plane lands.
struct PlaneStep {
  double rate = 0;
  PlanePoint to;
  Measure measure;
  tune::StepVerdict verdict = tune::StepVerdict::barely_moves;
};

/// The steepest descent from a point of a plane, within the plane.
struct SteepestDescent {
  PlanePoint from;
  PlanePoint direction;  ///< of one step with rate 1
  Measure measure;       ///< at `from`, with the norm of the whole gradient
  double share = 0;      ///< ‖the part of the gradient in the plane‖ / ‖gradient‖
  std::vector<PlaneStep> steps;
};

/// Steps of several sizes from a point of a plane, each −α times the projection of the gradient:
///
///     (Δa, Δb) = −α G⁻¹ (g·W₁, g·W₂),    G the dot products of W₁ and W₂
///
/// which is −α times the part of the gradient g that lies in the plane, whatever lengths W₁ and W₂
/// have and whatever angle. The verdicts are those of `tune::sweep_rates`.
///
/// @param rates  α of each step; empty: from the rate with the lowest objective, as sought along
///               the line in steps of 10^¼, the rates 0.01, 0.1, 0.5, 1, 2 and 4 times that
/// @throws Error(usage) for rates that are not above 0; where W₁ and W₂ lie on one line
[[nodiscard]] SteepestDescent descend_steepest(Site& site, const Plane& plane,
                                               const PlanePoint& from,
                                               std::vector<double> rates = {});

}  // namespace fallline::landscape
