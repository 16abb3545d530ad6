#pragma once

#include <cstdint>
#include <fallline/schedule/schedule.hpp>
#include <functional>

namespace fallline {

/// A run to look ahead at, and how closely.
struct Preview {
  double learning_rate = 0.1;  ///< α0 > 0
  std::uint64_t epochs = 10;
  std::uint64_t steps_per_epoch = 100;
  std::uint64_t every = 1;  ///< steps from row to row

  /// @throws Error(usage) for a field that is not above 0, or more steps than can be counted.
  void validate() const;
  [[nodiscard]] std::uint64_t steps() const { return epochs * steps_per_epoch; }
};

/// The rate of one step.
struct RatePoint {
  std::uint64_t step = 0;
  std::uint64_t epoch = 0;
  double rate = 0;
};

/// Tells the rates of a run without a run: at the steps 1, 1 + every, 1 + 2·every, … and the last.
/// No losses are known here: a plateau shows the rate that it has while they fall.
/// @throws Error(usage) as `Preview::validate`
void preview(const Schedule& schedule, const Preview& run,
             const std::function<void(const RatePoint&)>& sink);

/// The least of 1, 2, 5, 10, 20, … steps from row to row that makes a table of about 25 rows or
/// fewer.
[[nodiscard]] std::uint64_t readable_interval(std::uint64_t steps);

}  // namespace fallline
