#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <fallline/data/parts.hpp>
#include <fallline/line_chart.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/objective/measure.hpp>
#include <fallline/train/options.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fallline::tune {

/// What a step of some size does to the objective L.
enum class StepVerdict : std::uint8_t {
  barely_moves,  ///< changes L by less than 5 % of the most that any of the rates lowers it
  improves,
  overshoots,  ///< L is higher than before
  not_finite,
};

[[nodiscard]] std::string_view name_of(StepVerdict verdict);

/// Of a step that takes the objective from `before` to `after`, where the best of all lowers it by
/// `fall`.
[[nodiscard]] StepVerdict verdict_of(double before, double after, double fall);

struct RateSweepOptions {
  TrainOptions training;         ///< objective, start and, for the trials, the descent
  double from = 1e-10;           ///< lowest rate
  double to = 1e-1;              ///< highest rate
  std::size_t per_decade = 1;    ///< rates a decade
  std::size_t trial_epochs = 3;  ///< length of a trial, made longer where it has few steps; 0: none

  /// @throws Error(usage)
  void validate() const;
};

/// One rate and what a single plain step w − α g with it reaches.
struct SweptRate {
  double rate = 0;
  Measure measure;
  StepVerdict verdict = StepVerdict::barely_moves;
};

/// A short training run at a rate, as `train` would begin it.
struct RateTrial {
  double rate = 0;
  double loss = 0;  ///< after it: of the validation part, else of the training part; perhaps ∞
  double accuracy = 0;
  std::size_t epochs = 0;
};

struct RateSweep {
  Measure start;                      ///< at w, over all training examples
  std::vector<SweptRate> rates;       ///< ascending
  std::optional<std::size_t> lowest;  ///< the rate with the lowest L, where that is below the start
  std::vector<RateTrial> trials;      ///< in the order in which they were made
  std::optional<double> suggestion;
  std::string reason;  ///< why that rate, or why none; a sentence
  bool interrupted = false;
};

/// Sweeps the step size: from one w and one gradient over all training examples, the objective
/// after a single plain step at every rate (`measure_steps`).
///
/// Without trials the suggestion is the rate with the lowest objective. That is the right length
/// for one step on all examples along one direction; mini-batch descent takes thousands, along
/// directions of larger and smaller curvature, on gradients with noise. So short training runs
/// begin there and climb down: the rate is moved by √10 while the loss falls, then by 10^¼ to both
/// sides of the best, and the best of all is suggested (docs/decisions/0007).
///
/// @param start      parameters, preprocessing and objective to start from, in place of those of
///                   the options; there are then no trials
/// @param told       of each trial, as it ends
/// @param interrupt  true ends the sweep with what there is
/// @throws Error(usage), Error(not_enough_memory)
[[nodiscard]] RateSweep sweep_rates(const Parts& parts, const RateSweepOptions& options,
                                    Workers& workers, const Classifier* start = nullptr,
                                    const std::function<void(const RateTrial&)>& told = {},
                                    const std::atomic<bool>* interrupt = nullptr);

/// The sweep as one JSON object, and as a chart of the objective against the rate.
[[nodiscard]] std::string json(const RateSweep& sweep);
[[nodiscard]] LineChart chart(const RateSweep& sweep);

}  // namespace fallline::tune
