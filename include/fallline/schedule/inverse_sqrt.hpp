#pragma once

#include <cmath>
#include <fallline/schedule/bounds.hpp>
#include <fallline/schedule/moment.hpp>

namespace fallline::schedule {

/// Inverse square root of the epoch:  α = α0 · k/√epoch.
struct InverseSqrtEpoch {
  double k = 1;  ///< > 0

  void validate() const {
    require(std::isfinite(k) && k > 0, "k of inverse-sqrt-epoch", k, "finite and above 0");
  }
  double operator()(double base, const Moment& now) const {
    return base * k / std::sqrt(static_cast<double>(now.epoch()));
  }
};

/// Inverse square root of the step:  α = α0 · k/√t.
struct InverseSqrtStep {
  double k = 1;  ///< > 0

  void validate() const {
    require(std::isfinite(k) && k > 0, "k of inverse-sqrt-step", k, "finite and above 0");
  }
  double operator()(double base, const Moment& now) const {
    return base * k / std::sqrt(static_cast<double>(now.step));
  }
};

}  // namespace fallline::schedule
