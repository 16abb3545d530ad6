#pragma once

#include <span>
#include <vector>

namespace fallline::test {

/// ½ (x² + 10 y²)
inline double bowl(std::span<const double> w, std::span<double> g) {
  g[0] = w[0];
  g[1] = 10 * w[1];
  return (w[0] * g[0] + w[1] * g[1]) / 2;
}

/// The bowl, with every point that is asked for remembered.
struct TracedBowl {
  std::vector<std::vector<double>>* points;
  double operator()(std::span<const double> w, std::span<double> g) const {
    points->emplace_back(w.begin(), w.end());
    return bowl(w, g);
  }
};

}  // namespace fallline::test
