#pragma once

#include <cmath>
#include <fallline/schedule/bounds.hpp>
#include <fallline/schedule/moment.hpp>

namespace fallline::schedule {

/// Exponential decay:  α = α0 · base^epoch.
struct Exponential {
  double base = 0.95;  ///< > 0

  void validate() const {
    require(std::isfinite(base) && base > 0, "base of exponential", base, "finite and above 0");
  }
  double operator()(double rate, const Moment& now) const {
    return rate * std::pow(base, static_cast<double>(now.epoch()));
  }
};

}  // namespace fallline::schedule
