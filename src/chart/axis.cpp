#include "chart/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fallline::chart {
namespace {

double within_doubles(double value) {
  constexpr double most = std::numeric_limits<double>::max();
  return std::clamp(value, -most, most);
}

/// Decimals as far as the step has them; with an exponent where that would be long.
std::string label_of(double value, int step_power, double size) {
  constexpr double longest = 1e7;
  constexpr int most_decimals = 6;
  if (size < longest && -step_power <= most_decimals)
    return fmt::format("{:.{}f}", value, std::max(0, -step_power));
  const int digits = static_cast<int>(std::floor(std::log10(size))) - step_power + 1;
  return fmt::format("{:.{}g}", value, std::max(1, digits));
}

/// Powers of ten, every so many of them that they are not too dense, or 1, 2 and 5 times each.
std::vector<Tick> decade_ticks(const Axis& axis, int about) {
  constexpr double rounding = 1e-9;
  const int first = static_cast<int>(std::floor(std::log10(axis.from)));
  const int last = static_cast<int>(std::ceil(std::log10(axis.to)));
  const bool few = 2 * (last - first) < about;
  const int stride = (last - first) / about + 1;
  std::vector<Tick> found;
  for (int power = first; power <= last; power += stride)
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10, power);
      if (factor != 1 && !few) break;
      if (value < axis.from * (1 - rounding) || value > axis.to * (1 + rounding)) continue;
      found.push_back({.value = value, .label = fmt::format("{:g}", value)});
    }
  return found;
}

}  // namespace

Axis Axis::over_decades(double least, double greatest, double padding) {
  constexpr double least_factor = 1.01;
  const double factor = greatest / least;
  const double beyond = factor > least_factor ? std::pow(factor, padding) : 2;
  return {.from = least / beyond, .to = greatest * beyond, .logarithmic = true};
}

Axis Axis::over(double least, double greatest, double padding) {
  constexpr double least_share = 1e-12;  // of the values: a thousand times what a double tells
  constexpr double least_range = 1e-300;
  const double size = std::max(std::abs(least), std::abs(greatest));
  const double half = greatest / 2 - least / 2;
  const double beyond = half > least_share * size && half > least_range
                            ? 2 * padding * half
                            : (size > 0 ? std::max(size / 20, least_range) : 1);
  return {.from = within_doubles(least - beyond), .to = within_doubles(greatest + beyond)};
}

std::vector<Tick> Axis::ticks(int about) const {
  constexpr double decade = 10;
  if (logarithmic && to >= decade * from) return decade_ticks(*this, about);
  const double raw = (to / 2 - from / 2) / about * 2;
  int power = static_cast<int>(std::floor(std::log10(raw)));
  const double lead = raw / std::pow(10, power);
  double factor = lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10;
  if (factor == 10) {
    factor = 1;
    ++power;
  }
  const double step = factor * std::pow(10, power);
  const double size = std::max(std::abs(from), std::abs(to));
  constexpr double rounding = 1e-9;  // of a step: 0.3 / 0.1 is less than 3
  const double first = std::ceil(from / step - rounding);
  const int count = static_cast<int>(std::floor(to / step + rounding) - first) + 1;
  std::vector<Tick> found;
  for (int i = 0; i < count; ++i) {
    const double value = (first + i) * step + 0.0;  // no −0
    found.push_back({.value = value, .label = label_of(value, power, size)});
  }
  return found;
}

}  // namespace fallline::chart
