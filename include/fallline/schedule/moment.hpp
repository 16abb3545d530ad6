#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

namespace fallline::schedule {

/// Where a run stands when a schedule is asked for its rate. Steps and epochs count from 1, so that
/// α0/(1 + r·epoch) with α0 = 0.2 and r = 1 gives 0.1, 0.067, 0.05, 0.04 in the first four epochs.
struct Moment {
  std::uint64_t step = 1;             ///< about to be taken, from 1
  std::uint64_t steps_per_epoch = 1;  ///< ≥ 1
  std::uint64_t steps = 1;            ///< planned in all: the horizon
  std::span<const double> losses;     ///< the watched loss at the end of each epoch that is over

  /// From 1.
  [[nodiscard]] std::uint64_t epoch() const { return (step - 1) / steps_per_epoch + 1; }

  /// (step − 1)/(steps − 1): 0 at the first step, 1 at the last and after it.
  [[nodiscard]] double progress() const {
    if (steps < 2) return 0;
    const auto done = static_cast<double>(std::min(step, steps) - 1);
    return done / static_cast<double>(steps - 1);
  }

  /// The same moment of a run that ends after `length` ≥ 1 steps and stays where it ended.
  [[nodiscard]] Moment within(std::uint64_t length) const {
    const std::uint64_t last = std::min(step, length);
    const auto over = std::min<std::size_t>(losses.size(), (last - 1) / steps_per_epoch);
    return {last, steps_per_epoch, length, losses.first(over)};
  }

  /// The same moment on a clock that starts `done` < step steps later. Of the losses it has those
  /// of epochs that ended after that.
  [[nodiscard]] Moment after(std::uint64_t done) const {
    const auto earlier = std::min<std::size_t>(losses.size(), done / steps_per_epoch);
    return {step - done, steps_per_epoch, steps > done ? steps - done : 1, losses.subspan(earlier)};
  }
};

}  // namespace fallline::schedule
