#pragma once

#include <array>
#include <cstddef>
#include <fallline/landscape/plane.hpp>
#include <fallline/loss/penalty.hpp>
#include <span>

namespace fallline::landscape {

/// λ R(W + a W₁ + b W₂) of the weights: the L2 part a quadratic whose coefficients are six dot
/// products in double, the L1 part summed at every point.
class PlanePenalty {
 public:
  /// @param weights  parameters that have a penalty, from the first on
  PlanePenalty(const Penalty& penalty, const Plane& plane, std::size_t weights);

  [[nodiscard]] double operator()(const PlanePoint& point) const;

 private:
  [[nodiscard]] double sizes(const PlanePoint& point) const;

  Penalty penalty_;
  std::array<std::span<const float>, 3> of_;     // W, W₁, W₂, without the bias
  std::array<std::array<double, 3>, 3> dots_{};  // of them
};

}  // namespace fallline::landscape
