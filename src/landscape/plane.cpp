#include <fallline/error.hpp>
#include <fallline/landscape/plane.hpp>
#include <fallline/objective/batch_objective.hpp>
#include <limits>

#include "landscape/plane_pass.hpp"
#include "landscape/plane_penalty.hpp"

namespace fallline::landscape {
namespace {

/// Parameters with a penalty: what lies before the first bias.
std::size_t penalised(const Site& site) {
  std::size_t weights = 0;
  for (const ParameterBlock& block : site.blocks())
    weights += block.role == BlockRole::bias ? 0 : block.count;
  return weights;
}

void require_sizes(const Site& site, const Plane& plane) {
  const std::size_t n = site.parameters();
  if (plane.origin.size() != n || plane.first.size() != n ||
      (!plane.second.empty() && plane.second.size() != n))
    throw usage_error("a plane of other parameters than the model has",
                      "give an origin and directions of as many numbers");
}

PlaneMeasures from_scores(const Site& site, const Plane& plane, std::span<const PlanePoint> points,
                          const PlaneOptions& options) {
  PlaneMeasures found = PlanePass(site, plane, points, options.accuracy).run(options);
  const Penalty& penalty = site.model().penalty;
  if (penalty.none()) return found;
  const PlanePenalty at(penalty, plane, penalised(site));
  site.workers().for_each(points.size(),
                          [&](std::size_t p) { found.points[p].penalty = at(points[p]); });
  return found;
}

PlaneMeasures directly(Site& site, const Plane& plane, std::span<const PlanePoint> points,
                       const PlaneOptions& options) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  PlaneMeasures found{.points = std::vector<Measure>(points.size(), Measure{.loss = unknown}),
                      .examples = site.size()};
  std::vector<float> w(site.parameters());
  for (std::size_t p = 0; p < points.size() && !found.interrupted; ++p) {
    plane.at(points[p].a, points[p].b, w);
    found.points[p] = site.value(w);
    if (options.told) options.told(static_cast<double>(p + 1) / static_cast<double>(points.size()));
    found.interrupted = p + 1 < points.size() && options.interrupt != nullptr &&
                        options.interrupt->load(std::memory_order_relaxed);
  }
  return found;
}

}  // namespace

void Plane::at(double a, double b, std::span<float> w) const {
  for (std::size_t i = 0; i < w.size(); ++i) {
    const double along = static_cast<double>(origin[i]) + a * static_cast<double>(first[i]);
    w[i] = static_cast<float>(second.empty() ? along : along + b * static_cast<double>(second[i]));
  }
}

PlaneMeasures measure_plane(Site& site, const Plane& plane, std::span<const PlanePoint> points,
                            const PlaneOptions& options) {
  require_sizes(site, plane);
  if (options.method == PlaneMethod::scores && !site.linear())
    throw usage_error("the scores of this model are not linear in its parameters",
                      "evaluate its plane directly");
  const bool fast = options.method != PlaneMethod::direct && site.linear();
  return fast ? from_scores(site, plane, points, options) : directly(site, plane, points, options);
}

std::uint64_t plane_bytes(const Site& site, std::size_t points) {
  const Dataset& data = site.data();
  // Directions, a point of the plane and its gradient; of each point its place and what is found.
  const std::uint64_t vectors = std::uint64_t{9} * site.parameters() * sizeof(float);
  // Of a linear model the scores of the origin and of two directions are held side by side.
  const Network& network = site.model().network;
  const Network side_by_side(4 * data.classes(), data.features());
  return vectors + points * (sizeof(PlanePoint) + sizeof(Measure) + 20) +
         BatchObjective::working_bytes(site.linear() ? side_by_side : network, data.cells(),
                                       site.workers().threads());
}

}  // namespace fallline::landscape
