#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <fallline/landscape/site.hpp>
#include <fallline/objective/measure.hpp>
#include <functional>
#include <span>
#include <vector>

namespace fallline::landscape {

/// W + a·W₁ + b·W₂: a plane in the space of the parameters, or a line where there is no W₂.
struct Plane {
  std::span<const float> origin;  ///< W, P numbers
  std::span<const float> first;   ///< W₁
  std::span<const float> second;  ///< W₂, or empty

  /// The parameters at (a, b), rounded from double.
  void at(double a, double b, std::span<float> w) const;
};

struct PlanePoint {
  double a = 0;
  double b = 0;
};

enum class PlaneMethod : std::uint8_t {
  automatic,  ///< `scores` where they are linear in the parameters, else `direct`
  scores,     ///< XW, XW₁ and XW₂ once; then C multiply-adds an example and point
  direct,     ///< the objective itself, at every point
};

struct PlaneOptions {
  PlaneMethod method = PlaneMethod::automatic;
  bool accuracy = true;  ///< counted as well
  /// Told how much is done, as a share of all, now and then.
  std::function<void(double)> told = {};
  const std::atomic<bool>* interrupt = nullptr;  ///< true ends with what there is
};

struct PlaneMeasures {
  std::vector<Measure> points;  ///< NaN where an interrupt came before
  std::size_t examples = 0;     ///< that the means are over: fewer than N after an interrupt
  PlaneMethod method = PlaneMethod::direct;  ///< what was chosen
  bool interrupted = false;
};

/// The objective at points of a plane.
///
/// For scores that are linear in the parameters the plane is exact and cheap:
///
///     f(a, b) = (W + a W₁ + b W₂) z + …  =  f₀ + a f₁ + b f₂,    three scores a class, once
///
/// so that a point costs C multiply-adds and a loss an example, in place of C·D. Examples go by in
/// blocks that stay in the cache while all points go over them: nothing is kept of them, whatever
/// N. The L2 penalty is a quadratic in (a, b), exact in double; L1 is summed at every point.
///
/// Scores are floats, losses are summed in double in the order of the examples: the same bits for
/// any number of workers. An interrupt leaves the means over the examples until then.
///
/// @throws Error(usage) where the method is `scores` and they are not linear, or sizes disagree.
[[nodiscard]] PlaneMeasures measure_plane(Site& site, const Plane& plane,
                                          std::span<const PlanePoint> points,
                                          const PlaneOptions& options = {});

/// Bytes of working memory for so many points.
[[nodiscard]] std::uint64_t plane_bytes(const Site& site, std::size_t points);

}  // namespace fallline::landscape
