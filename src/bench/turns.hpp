#pragma once

#include <algorithm>
#include <cstddef>
#include <fallline/bench/measurement.hpp>
#include <vector>

namespace fallline::bench {

/// Looks at the machine's peak and times of something else, in turns: peak, time, …, time, peak.
///
/// A machine that is shared, or whose clock changes, is another one a second later: a time is set
/// beside the peaks next to it.
class Turns {
 public:
  void add_peak(double per_second) { peaks_.push_back(per_second); }
  void add_seconds(double seconds) { seconds_.push_back(seconds); }

  /// Leaves out the first time, where caches were cold, unless there is no other.
  void drop_first() {
    if (seconds_.size() < 2) return;
    seconds_.erase(seconds_.begin());
    peaks_.erase(peaks_.begin());
  }

  [[nodiscard]] Seconds seconds() const { return Seconds::of(seconds_); }

  /// The larger of the peaks before and after the median time.
  [[nodiscard]] double peak() const {
    const auto k =
        static_cast<std::size_t>(std::ranges::find(seconds_, seconds().median) - seconds_.begin());
    return std::max(peaks_.at(k), peaks_.at(k + 1));
  }

 private:
  std::vector<double> peaks_;
  std::vector<double> seconds_;
};

}  // namespace fallline::bench
