#pragma once

#include <string>
#include <vector>

namespace fallline::chart {

struct Tick {
  double value;
  std::string label;
};

/// The numbers along one side of a chart: finite, from < to.
struct Axis {
  double from = 0;
  double to = 1;

  /// From `least` to `greatest` and `padding` of their distance beyond them; wider where they are
  /// too near for a double to tell what lies between.
  [[nodiscard]] static Axis over(double least, double greatest, double padding);

  /// Where a value lies: 0 at `from`, 1 at `to`. In halves, as to − from may overflow.
  [[nodiscard]] double share(double value) const {
    return (value / 2 - from / 2) / (to / 2 - from / 2);
  }

  /// Ticks at multiples of 1, 2 or 5 times a power of ten, from half to twice as many as `about`.
  [[nodiscard]] std::vector<Tick> ticks(int about) const;
};

}  // namespace fallline::chart
