#pragma once

#include <atomic>
#include <cstddef>
#include <fallline/data/open.hpp>
#include <fallline/data/parts.hpp>
#include <fallline/train/options.hpp>
#include <fallline/tune/spread.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fallline::tune {

/// A training run to be made.
struct TrainingCase {
  std::vector<std::string> values;  ///< what sets it apart from the others, in words
  TrainOptions training;
  Shares shares;
};

/// What the runs of a case come to, over its seeds.
struct CaseFigures {
  std::vector<std::string> values;
  std::size_t runs = 0;
  std::size_t diverged = 0;  ///< of them; their losses count as ∞
  double learning_rate = 0;  ///< of the first
  Spread train_loss;
  Spread train_accuracy;
  std::optional<Spread> validation_loss;
  std::optional<Spread> validation_accuracy;
  std::optional<Spread> test_loss;
  std::optional<Spread> test_accuracy;
  Spread seconds;  ///< of steps
};

struct TrainingSweep {
  std::vector<CaseFigures> cases;   ///< in the order given; those with a whole run
  std::optional<std::size_t> best;  ///< the highest mean accuracy on the validation part
  bool interrupted = false;
};

/// Trains every case `seeds` times, as `train` would with its seed, the next, and so on: the seed
/// divides the source, draws the first weights and orders the batches. No test part has a say in
/// which case is best; without validation parts none is.
///
/// @param told       of each case whose runs are all made
/// @param interrupt  true ends the sweep with the runs that are whole
/// @throws Error(usage) for no case or no seed, and what `divide` and `train` throw
[[nodiscard]] TrainingSweep sweep_training(const Source& source,
                                           std::span<const TrainingCase> cases, std::size_t seeds,
                                           Workers& workers,
                                           const std::function<void(const CaseFigures&)>& told = {},
                                           const std::atomic<bool>* interrupt = nullptr);

/// The sweep as one JSON object; `names` are those of the cases' values.
[[nodiscard]] std::string json(const TrainingSweep& sweep, std::span<const std::string> names);

}  // namespace fallline::tune
