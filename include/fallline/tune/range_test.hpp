#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <fallline/data/parts.hpp>
#include <fallline/line_chart.hpp>
#include <fallline/train/options.hpp>
#include <fallline/workers.hpp>
#include <optional>
#include <string>
#include <vector>

namespace fallline::tune {

struct RangeTestOptions {
  TrainOptions training;
  double from = 1e-10;  ///< rate of the first step
  double to = 1e-1;     ///< rate of the last
  double beta = 0.9;    ///< of the average that smooths the losses

  /// @throws Error(usage)
  void validate() const;
};

/// One step of a range test.
struct RangeStep {
  std::uint64_t step = 0;
  double rate = 0;
  double loss = 0;      ///< of the batch, before the update
  double smoothed = 0;  ///< corrected average of the losses so far
};

struct RangeTest {
  std::vector<RangeStep> steps;
  std::optional<std::size_t> lowest;  ///< the step with the lowest smoothed loss
  bool stopped = false;               ///< before the last rate, as the loss had grown too far
  std::optional<double> suggestion;
  std::string reason;  ///< a sentence
  bool interrupted = false;
};

/// The range test of Smith (2017, section 3.3): one training run whose rate rises from step to
/// step, from·(to/from)^{(t−1)/(T−1)}, through the mini-batches of one epoch, or of as many as make
/// 100 steps. It ends early where the smoothed loss is four times the lowest.
///
/// The suggestion is a third of the rate at which the smoothed loss was lowest: there the loss no
/// longer falls, and a run that stays at one rate needs a distance from where it begins to rise.
///
/// @param interrupt  true ends the test with what there is
/// @throws Error(usage), Error(not_enough_memory)
[[nodiscard]] RangeTest test_range(const Parts& parts, const RangeTestOptions& options,
                                   Workers& workers, const std::atomic<bool>* interrupt = nullptr);

/// The test as one JSON object, and as a chart of loss and smoothed loss against the rate.
[[nodiscard]] std::string json(const RangeTest& test);
[[nodiscard]] LineChart chart(const RangeTest& test);

}  // namespace fallline::tune
