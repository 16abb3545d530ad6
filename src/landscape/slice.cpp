#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/slice.hpp>
#include <fallline/memory.hpp>
#include <fallline/random.hpp>
#include <utility>

#include "landscape/clock.hpp"

namespace fallline::landscape {
namespace {

constexpr std::size_t points_of_line = 101;
constexpr std::size_t points_of_side = 51;
constexpr std::size_t most_points = 100'000'000;

Axis with_points(Axis axis, std::size_t chosen) {
  if (axis.points == 0) axis.points = chosen;
  if (!(axis.from <= axis.to) || !std::isfinite(axis.from) || !std::isfinite(axis.to))
    throw usage_error(fmt::format("an axis from {:g} to {:g}", axis.from, axis.to),
                      "give two numbers, the smaller one first");
  if (axis.points > most_points)
    throw usage_error(fmt::format("{} points along a direction", axis.points),
                      "give at most 100 million");
  return axis;
}

/// The centre; and behind it the grid, for each b all a.
std::vector<PlanePoint> grid(const Slice& slice) {
  std::vector<PlanePoint> points;
  points.reserve(slice.a.size() * std::max<std::size_t>(1, slice.b.size()) + 1);
  points.push_back({});
  if (slice.b.empty())
    for (const double a : slice.a) points.push_back({.a = a});
  for (const double b : slice.b)
    for (const double a : slice.a) points.push_back({.a = a, .b = b});
  return points;
}

Plane plane_of(const Site& site, const Slice& slice) {
  return {.origin = site.weights(),
          .first = slice.directions[0].values,
          .second = slice.directions.size() > 1 ? std::span<const float>(slice.directions[1].values)
                                                : std::span<const float>()};
}

double relative_difference(double fast, double direct) {
  const double difference = std::abs(fast - direct);
  return difference == 0 ? 0 : difference / std::abs(direct);
}

/// Evaluates some points directly; the first evaluation is not timed.
SliceCheck check_points(Site& site, const Plane& plane, const Slice& slice,
                        const std::vector<PlanePoint>& points, std::size_t count,
                        std::uint64_t seed) {
  const Random random(seed, Purpose::landscape_check);
  std::vector<float> w(site.parameters());
  (void)site.value(site.weights());
  SliceCheck check{.points = count};
  const Stopwatch watch;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t p = random.below(k, slice.points.size());
    plane.at(points[p + 1].a, points[p + 1].b, w);
    const double difference =
        relative_difference(slice.points[p].objective(), site.value(w).objective());
    check.worst = difference <= check.worst ? check.worst : difference;
  }
  check.seconds_a_point = watch.seconds() / static_cast<double>(count);
  check.seconds_all = check.seconds_a_point * static_cast<double>(slice.points.size());
  return check;
}

void measure_grid(Site& site, const Plane& plane, const std::vector<PlanePoint>& points,
                  const SliceOptions& options, Slice& slice) {
  const Stopwatch watch;
  const PlaneMeasures found = measure_plane(site, plane, points,
                                            {.method = options.method,
                                             .accuracy = options.accuracy,
                                             .told = options.told,
                                             .interrupt = options.interrupt});
  slice.seconds = watch.seconds();
  slice.centre = found.points.front();
  slice.points.assign(found.points.begin() + 1, found.points.end());
  slice.method = found.method;
  slice.examples = found.examples;
  slice.interrupted = found.interrupted;
  slice.accuracy = options.accuracy || found.method == PlaneMethod::direct;
  if (slice.interrupted && slice.examples < site.size())
    slice.notes.push_back(fmt::format("interrupted: the means are over the first {} of {} examples",
                                      slice.examples, site.size()));
}

void find_breakpoints(const Site& site, const SliceOptions& options, Slice& slice) {
  const bool hinge = site.linear() && site.model().loss.kind == LossKind::hinge;
  if (!options.breakpoints || !hinge || !slice.b.empty() || slice.a.size() < 2) return;
  slice.breakpoints = hinge_line(site, slice.directions[0].values, slice.a.front(), slice.a.back(),
                                 options.memory_limit, options.interrupt);
  slice.interrupted = !slice.breakpoints;
}

void note_angle(Slice& slice) {
  if (slice.directions.size() < 2) return;
  const double angle = cosine(slice.directions[0], slice.directions[1]);
  constexpr double noticeable_angle = 0.05;
  if (!(std::abs(angle) <= noticeable_angle))
    slice.notes.push_back(fmt::format(
        "the directions are not at right angles: the cosine between them is {:.3f}", angle));
}

void require_grid_room(const Site& site, const Slice& slice, std::uint64_t limit) {
  const std::size_t points = slice.a.size() * std::max<std::size_t>(1, slice.b.size()) + 1;
  if (points > most_points)
    throw usage_error(fmt::format("{} points", points), "give at most 100 million in all");
  const std::uint64_t stored = limit != 0 ? site.data().storage_bytes() : 0;
  require_memory(plane_bytes(site, points) + stored, limit,
                 fmt::format("a landscape of {} points on {} examples", points, site.size()),
                 "ask for fewer points, or raise the limit");
}

}  // namespace

std::vector<double> Axis::places() const {
  std::vector<double> all;
  all.reserve(points);
  for (std::size_t i = 0; i < points; ++i)
    all.push_back(points == 1 ? from
                              : from + (to - from) * static_cast<double>(i) /
                                           static_cast<double>(points - 1));
  return all;
}

std::optional<Slice::Found> Slice::lowest() const {
  std::optional<Found> found;
  for (std::size_t p = 0; p < points.size(); ++p) {
    const double objective = points[p].objective();
    if (!std::isfinite(objective) || (found && found->measure.objective() <= objective)) continue;
    found = {.place = {.a = a[p % a.size()], .b = b.empty() ? 0 : b[p / a.size()]},
             .measure = points[p]};
  }
  return found;
}

Slice slice(Site& site, std::vector<Direction> directions, const SliceOptions& options) {
  if (directions.empty() || directions.size() > 2)
    throw usage_error(fmt::format("{} directions", directions.size()),
                      "give one for a line, two for a plane");
  const bool line = directions.size() == 1;
  const std::size_t chosen = line ? points_of_line : points_of_side;
  Slice slice{.directions = std::move(directions)};
  slice.a = with_points(options.axes[0], chosen).places();
  if (!line) slice.b = with_points(options.axes[1], chosen).places();
  require_grid_room(site, slice, options.memory_limit);
  note_angle(slice);
  const Plane plane = plane_of(site, slice);
  const std::vector<PlanePoint> points = grid(slice);
  measure_grid(site, plane, points, options, slice);
  if (!slice.interrupted) find_breakpoints(site, options, slice);
  if (slice.interrupted) return slice;
  if (options.steepest)
    slice.steepest = descend_steepest(site, plane, options.steepest_from, options.rates);
  if (options.check != 0 && slice.method == PlaneMethod::scores)
    slice.check = check_points(site, plane, slice, points, options.check, options.seed);
  return slice;
}

}  // namespace fallline::landscape
