#pragma once

#include <fallline/schedule/moment.hpp>

namespace fallline::schedule {

/// One cycle: up to α0 and down again in straight lines, then further down in what is left.
///
///     x in [0, cycle/2]      from start·α0 up to α0        x = (step − 1)/(steps − 1)
///     x in [cycle/2, cycle]  from α0 down to start·α0
///     x in [cycle, 1]        from start·α0 down to final·α0
///
/// Smith and Topin (2017), section 3. α0 is the highest rate; the momentum is left as it is.
struct OneCycle {
  double start = 0.1;    ///< 0 < start ≤ 1
  double cycle = 0.9;    ///< share of the horizon, 0 < cycle ≤ 1
  double final = 0.001;  ///< 0 ≤ final ≤ start

  void validate() const;
  double operator()(double base, const Moment& now) const;
};

}  // namespace fallline::schedule
