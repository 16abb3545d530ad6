#pragma once

#include <cmath>
#include <span>

namespace fallline {

/// ‖v‖, summed in double in the order of v.
[[nodiscard]] inline double norm(std::span<const float> v) {
  double sum = 0;
  for (const float x : v) sum += static_cast<double>(x) * x;
  return std::sqrt(sum);
}

}  // namespace fallline
