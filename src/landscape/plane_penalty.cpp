#include "landscape/plane_penalty.hpp"

#include <cmath>
#include <fallline/optim/dot.hpp>

namespace fallline::landscape {

PlanePenalty::PlanePenalty(const Penalty& penalty, const Plane& plane, std::size_t weights)
    : penalty_(penalty),
      of_{plane.origin.first(weights), plane.first.first(weights),
          plane.second.empty() ? plane.second : plane.second.first(weights)} {
  if (penalty_.l2 == 0) return;
  optim::Dot<float> dot(weights);
  for (std::size_t i = 0; i < of_.size(); ++i)
    for (std::size_t j = 0; j <= i; ++j)
      if (!of_[i].empty()) dots_[i][j] = dots_[j][i] = dot(of_[i], of_[j]);
}

double PlanePenalty::operator()(const PlanePoint& point) const {
  const std::array<double, 3> at{1, point.a, point.b};
  double squares = 0;
  for (std::size_t i = 0; i < at.size(); ++i)
    for (std::size_t j = 0; j < at.size(); ++j) squares += at[i] * at[j] * dots_[i][j];
  return 0.5 * penalty_.l2 * squares + (penalty_.l1 != 0 ? penalty_.l1 * sizes(point) : 0);
}

/// In eight sums, so that none waits for the one before.
double PlanePenalty::sizes(const PlanePoint& point) const {
  constexpr std::size_t sums = 8;
  std::array<double, sums> sum{};
  const std::size_t n = of_[0].size();
  for (std::size_t i = 0; i < n; ++i) {
    const double second = of_[2].empty() ? 0 : point.b * static_cast<double>(of_[2][i]);
    sum[i % sums] += std::abs(static_cast<double>(of_[0][i]) +
                              point.a * static_cast<double>(of_[1][i]) + second);
  }
  double all = 0;
  for (const double s : sum) all += s;
  return all;
}

}  // namespace fallline::landscape
