#pragma once

#include <algorithm>
#include <fallline/schedule/bounds.hpp>
#include <fallline/schedule/moment.hpp>

namespace fallline::schedule {

/// Linear warm-up over the horizon, to α0 at its last step:
///
///     α = α0 (start + (1 − start) · step/steps)
///
/// Goyal et al. (2017), section 2.2. It is given a length, and most often something follows:
/// `then(lasting(WarmUp{}, {.steps = 500}), Cosine{})`.
struct WarmUp {
  double start = 0;  ///< 0 ≤ start ≤ 1

  void validate() const {
    require(start >= 0 && start <= 1, "start of warmup", start, "from 0 to 1");
  }
  double operator()(double base, const Moment& now) const {
    const auto done = static_cast<double>(std::min(now.step, now.steps));
    return base * (start + (1 - start) * (done / static_cast<double>(now.steps)));
  }
};

}  // namespace fallline::schedule
