#pragma once

#include <cmath>
#include <fallline/schedule/bounds.hpp>
#include <fallline/schedule/moment.hpp>

namespace fallline::schedule {

/// Inverse time decay:  α = α0 / (1 + r·epoch).
struct InverseTime {
  double r = 1;  ///< r ≥ 0

  void validate() const {
    require(std::isfinite(r) && r >= 0, "r of inverse-time", r, "finite and at least 0");
  }
  double operator()(double base, const Moment& now) const {
    return base / (1 + r * static_cast<double>(now.epoch()));
  }
};

}  // namespace fallline::schedule
