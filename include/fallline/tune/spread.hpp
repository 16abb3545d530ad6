#pragma once

#include <span>

namespace fallline::tune {

/// A figure over repeats.
struct Spread {
  double mean = 0;
  double deviation = 0;  ///< of the sample (n − 1); 0 of one value, and of an infinite mean
};

/// Of at least one value.
[[nodiscard]] Spread spread_of(std::span<const double> values);

}  // namespace fallline::tune
