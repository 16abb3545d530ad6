#pragma once

#include <cmath>
#include <string>
#include <vector>

namespace fallline::chart {

struct Tick {
  double value;
  std::string label;
};

/// The numbers along one side of a chart: finite, from < to, and above 0 where logarithmic.
struct Axis {
  double from = 0;
  double to = 1;
  bool logarithmic = false;

  /// From `least` to `greatest` and `padding` of their distance beyond them; wider where they are
  /// too near for a double to tell what lies between.
  [[nodiscard]] static Axis over(double least, double greatest, double padding);

  /// The same in factors, for 0 < `least` ≤ `greatest`.
  [[nodiscard]] static Axis over_decades(double least, double greatest, double padding);

  /// Where a value lies: 0 at `from`, 1 at `to`. In halves, as to − from may overflow.
  [[nodiscard]] double share(double value) const {
    if (logarithmic) return (std::log(value) - std::log(from)) / (std::log(to) - std::log(from));
    return (value / 2 - from / 2) / (to / 2 - from / 2);
  }

  /// Ticks at multiples of 1, 2 or 5 times a power of ten, from half to twice as many as `about`.
  /// A logarithmic axis of a decade or more has powers of ten, with 2 and 5 times them where these
  /// are few.
  [[nodiscard]] std::vector<Tick> ticks(int about) const;
};

}  // namespace fallline::chart
