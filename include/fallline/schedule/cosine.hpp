#pragma once

#include <cmath>
#include <fallline/schedule/bounds.hpp>
#include <fallline/schedule/moment.hpp>
#include <numbers>

namespace fallline::schedule {

/// Half a cosine over the horizon, from α0 at the first step to final·α0 at the last:
///
///     α = α0 (final + (1 − final)(1 + cos πx)/2),   x = (step − 1)/(steps − 1)
///
/// Loshchilov and Hutter (2017), equation 5, without restarts. There x is counted so that the end
/// is first reached after the last step; here the last step is taken at it.
struct Cosine {
  double final = 0.01;  ///< 0 ≤ final ≤ 1

  void validate() const {
    require(final >= 0 && final <= 1, "final of cosine", final, "from 0 to 1");
  }
  double operator()(double base, const Moment& now) const {
    const double fall = (1 + std::cos(std::numbers::pi * now.progress())) / 2;
    return base * (final + (1 - final) * fall);
  }
};

}  // namespace fallline::schedule
