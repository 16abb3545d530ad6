#include <cmath>
#include <fallline/tune/spread.hpp>
#include <numeric>

namespace fallline::tune {

Spread spread_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  if (values.size() < 2 || !std::isfinite(mean)) return {.mean = mean};
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {.mean = mean, .deviation = std::sqrt(squares / (n - 1))};
}

}  // namespace fallline::tune
