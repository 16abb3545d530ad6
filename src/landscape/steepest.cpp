#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/steepest.hpp>
#include <fallline/optim/dot.hpp>
#include <fallline/tune/steps.hpp>

namespace fallline::landscape {
namespace {

/// What is known of the gradient in the plane.
struct InPlane {
  PlanePoint coordinates;  // in W₁ and W₂
  double norm = 0;
};

/// The part of g that lies in the plane, by the normal equations.
InPlane part_in_plane(std::span<const float> g, const Plane& plane) {
  optim::Dot<float> dot(g.size());
  const double g1 = dot(g, plane.first);
  const double g11 = dot(plane.first, plane.first);
  if (plane.second.empty())
    return {.coordinates = {.a = g1 / g11}, .norm = std::abs(g1) / std::sqrt(g11)};
  const double g2 = dot(g, plane.second);
  const double g22 = dot(plane.second, plane.second);
  const double g12 = dot(plane.first, plane.second);
  const double determinant = g11 * g22 - g12 * g12;
  // The square of the sine of the angle between them.
  constexpr double least = 1e-10;
  if (!(determinant > least * g11 * g22))
    throw usage_error("the two directions lie on one line", "choose others for a plane");
  const PlanePoint p{.a = (g22 * g1 - g12 * g2) / determinant,
                     .b = (g11 * g2 - g12 * g1) / determinant};
  return {.coordinates = p, .norm = std::sqrt(std::max(0.0, p.a * g1 + p.b * g2))};
}

PlanePoint step_of(const SteepestDescent& descent, double rate) {
  return {.a = descent.from.a + rate * descent.direction.a,
          .b = descent.from.b + rate * descent.direction.b};
}

std::vector<Measure> measure_at(Site& site, const Plane& plane, const SteepestDescent& descent,
                                const std::vector<double>& rates) {
  std::vector<PlanePoint> points;
  points.reserve(rates.size());
  for (const double rate : rates) points.push_back(step_of(descent, rate));
  return measure_plane(site, plane, points).points;
}

/// Rates around the one with the lowest objective of many along the line, whose steps go from a
/// ten-thousandth of the directions' length to a hundred times that.
std::vector<double> telling_rates(Site& site, const Plane& plane, const SteepestDescent& descent) {
  constexpr int per_decade = 4;
  const double length = std::hypot(descent.direction.a, descent.direction.b);
  std::vector<double> rates;
  for (int k = -4 * per_decade; k <= 2 * per_decade; ++k)
    rates.push_back(std::pow(10, double(k) / per_decade) / length);
  const std::vector<Measure> found = measure_at(site, plane, descent, rates);
  const auto lowest = std::ranges::min_element(
      found, [](const Measure& a, const Measure& b) { return a.objective() < b.objective(); });
  const double best = rates[static_cast<std::size_t>(lowest - found.begin())];
  rates.clear();
  for (const double factor : {0.01, 0.1, 0.5, 1.0, 2.0, 4.0})
    rates.push_back(tune::in_six_digits(factor * best));
  return rates;
}

void judge_steps(SteepestDescent& descent) {
  const double before = descent.measure.objective();
  double lowest = before;
  for (const PlaneStep& step : descent.steps) lowest = std::min(lowest, step.measure.objective());
  const double fall = lowest < before ? before - lowest : std::abs(before);
  for (PlaneStep& step : descent.steps)
    step.verdict = tune::verdict_of(before, step.measure.objective(), fall);
}

}  // namespace

SteepestDescent descend_steepest(Site& site, const Plane& plane, const PlanePoint& from,
                                 std::vector<double> rates) {
  for (const double rate : rates)
    if (!(rate > 0) || !std::isfinite(rate))
      throw usage_error(fmt::format("a step of the size {:g}", rate), "give numbers above 0");
  std::vector<float> w(site.parameters());
  std::vector<float> g(w.size());
  plane.at(from.a, from.b, w);
  SteepestDescent descent{.from = from, .measure = site.value_and_gradient(w, g)};
  const InPlane in_plane = part_in_plane(g, plane);
  descent.direction = {.a = -in_plane.coordinates.a, .b = -in_plane.coordinates.b};
  // Where the objective is flat, or not finite, there is nowhere to go.
  if (!(in_plane.norm > 0) || !std::isfinite(descent.measure.gradient_norm)) return descent;
  descent.share = in_plane.norm / descent.measure.gradient_norm;
  if (rates.empty()) rates = telling_rates(site, plane, descent);
  const std::vector<Measure> found = measure_at(site, plane, descent, rates);
  for (std::size_t i = 0; i < rates.size(); ++i)
    descent.steps.push_back(
        {.rate = rates[i], .to = step_of(descent, rates[i]), .measure = found[i]});
  judge_steps(descent);
  return descent;
}

}  // namespace fallline::landscape
