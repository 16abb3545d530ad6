#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fallline/landscape/plane.hpp>
#include <fallline/workers.hpp>
#include <span>
#include <string_view>
#include <vector>

namespace fallline::landscape {

/// Points of the parameter space that are near one another: each as its distance from a common
/// start, in which a float has more digits than in the point itself.
struct Displacements {
  std::vector<float> start;              ///< P numbers
  std::vector<std::vector<float>> rows;  ///< w − start of each point, P numbers
};

enum class PlaneKind : std::uint8_t {
  /// Through the mean of the points, along the two directions in which they vary most.
  principal,
  /// Through the start and the end of the first path, and along what varies most beside it.
  start_end,
};

[[nodiscard]] std::string_view name_of(PlaneKind kind);
/// @throws Error(usage) that lists the names.
[[nodiscard]] PlaneKind plane_kind(std::string_view name);

/// A plane with directions of length 1 at right angles.
struct PathPlane {
  std::vector<float> origin;
  std::vector<float> first;
  std::vector<float> second;
  /// The share of the points' variance, Σ ‖w − mean‖², along each direction.
  std::array<double, 2> explained{};

  [[nodiscard]] Plane view() const { return {.origin = origin, .first = first, .second = second}; }
};

/// The plane in which points lie as well as in any.
///
/// The principal directions of n points are combinations of them, u = Σ_i c_i (w_i − mean), whose
/// coefficients are eigenvectors of the n×n matrix of their dot products: nothing of the size P×P
/// is formed. Where the points lie on a line, or on one another, the rest is filled up with
/// directions drawn at random. The same bits for any number of workers.
///
/// @param end  the row that is the end of the first path, which begins with the first row: both
///             directions point from its beginning to its end, not against it
/// @throws Error(usage) where there are no points, or some are not finite
[[nodiscard]] PathPlane plane_through(const Displacements& points, PlaneKind kind, std::size_t end,
                                      Workers& workers);

/// Where a point lies, seen from a plane.
struct Projection {
  PlanePoint place;     ///< of its projection
  double residual = 0;  ///< its distance from the plane
};

/// Of start + displacement.
[[nodiscard]] Projection project(const PathPlane& plane, std::span<const float> start,
                                 std::span<const float> displacement);

}  // namespace fallline::landscape
