#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <fallline/data/parts.hpp>
#include <fallline/line_chart.hpp>
#include <fallline/train/options.hpp>
#include <fallline/tune/spread.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fallline::tune {

struct BatchSizeOptions {
  /// What every run has; 0 epochs are 10. Where no rate is given each size has its automatic one.
  TrainOptions training;
  std::vector<std::size_t> sizes{16, 32, 64, 128, 256, 512, 1024};  ///< each is trained with
  std::size_t seeds = 1;  ///< runs of each size: with training.seed and those after it

  /// @throws Error(usage)
  void validate() const;
};

/// A loss while the seconds go by.
class LossCurve {
 public:
  /// From left to right.
  void add(double seconds, double loss) { points_.push_back({.seconds = seconds, .loss = loss}); }

  /// On a straight line between the points around; the last loss after the last point. Of a curve
  /// that has points.
  [[nodiscard]] double at(double seconds) const;

  struct Point {
    double seconds = 0;
    double loss = 0;
  };
  [[nodiscard]] const std::vector<Point>& points() const { return points_; }

 private:
  std::vector<Point> points_;
};

/// One training run.
struct BatchSizeRun {
  std::size_t size = 0;
  std::uint64_t seed = 0;
  double learning_rate = 0;
  double examples_per_second = 0;
  double seconds = 0;  ///< of its steps: evaluations are left out
  /// At the end of each epoch the loss of the validation part, or without one the mean over the
  /// epoch's batches; at 0 s that of the first batch.
  LossCurve curve;
  double loss = 0;      ///< after all epochs; ∞ of a run that diverged
  double accuracy = 0;  ///< of the validation part, else of the training part, at the end
};

/// What the runs of one size come to.
struct BatchSizeFigures {
  std::size_t size = 0;
  double learning_rate = 0;
  std::size_t runs = 0;
  Spread examples_per_second;
  Spread seconds;
  Spread loss_after_epochs;
  Spread loss_after_seconds;
  Spread accuracy;
};

struct BatchSizeSweep {
  std::size_t epochs = 0;  ///< of every run
  double seconds = 0;      ///< the budget: what the fastest size took for its epochs
  std::vector<BatchSizeRun> runs;
  std::vector<BatchSizeFigures> sizes;  ///< of sizes with a whole run, ascending
  std::optional<std::size_t> suggestion;
  std::string reason;
  bool interrupted = false;
};

/// Trains with every batch size for the same epochs, and sets throughput, the loss after equal
/// epochs and the loss after equal seconds side by side.
///
/// Equal epochs favour small batches, which take more steps; equal seconds count what a step costs
/// on this machine. The seconds are those of the fastest size, and the loss of a slower one is read
/// off its curve there. The size with the lowest loss after equal seconds is suggested. All but
/// the times, and what is read off by them, is the same for any number of workers.
///
/// @param told       of each run, as it ends
/// @param interrupt  true ends the sweep with the runs that are whole
/// @throws Error(usage), Error(not_enough_memory)
[[nodiscard]] BatchSizeSweep sweep_batch_sizes(
    const Parts& parts, const BatchSizeOptions& options, Workers& workers,
    const std::function<void(const BatchSizeRun&)>& told = {},
    const std::atomic<bool>* interrupt = nullptr);

/// The figures of runs of `epochs` epochs, with the suggestion.
[[nodiscard]] BatchSizeSweep compare_batch_sizes(std::vector<BatchSizeRun> runs,
                                                 std::size_t epochs);

/// The sweep as one JSON object, and as a chart of the loss against the seconds, a line a size.
[[nodiscard]] std::string json(const BatchSizeSweep& sweep);
[[nodiscard]] LineChart chart(const BatchSizeSweep& sweep);

}  // namespace fallline::tune
