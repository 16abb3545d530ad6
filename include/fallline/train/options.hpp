#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/arithmetic.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/data/sampler.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/optim/optimizer.hpp>
#include <fallline/schedule/schedule.hpp>
#include <optional>
#include <string>

namespace fallline {

/// The settings of a training run. What is 0 here is chosen from the data (plan.hpp says how), and
/// docs/defaults.md tells what the defaults were measured on.
struct TrainOptions {
  std::string model = "linear";  ///< the score function, as `Network::parse` reads it
  Loss loss;
  Penalty penalty;
  PreprocessingKind preprocessing = PreprocessingKind::automatic;
  OptimizerOptions optimizer;
  double learning_rate = 0;  ///< α0 > 0; 0: from the objective (plan.hpp)
  /// Of the rate over the run; none: constant for a linear classifier, cosine for a network.
  std::optional<Schedule> schedule = std::nullopt;
  std::size_t batch_size = automatic_batch;  ///< examples a step, or `full_batch`
  std::size_t epochs = 0;                    ///< passes over the training part; 0: chosen
  Sampling sampling = Sampling::shuffle;
  bool drop_last = false;    ///< leave out a short last batch
  std::size_t patience = 0;  ///< stop after so many epochs without a better one; 0: never
  Arithmetic arithmetic = Arithmetic::automatic;
  std::uint64_t seed = 1;
  bool seek_held_rate = true;  ///< after a divergence, try lower rates for one that holds
  bool certificate = false;    ///< bound the distance to the minimum at the end; needs an l2
  /// W of a linear classifier starts as this times N(0,1), b as 0; networks: by initialisation.
  double initial_scale = 1e-4;
  std::uint64_t memory_limit = 0;  ///< bytes; 0: what is available

  /// @throws Error(usage) naming the first setting out of its bounds.
  void validate() const;

  /// Whether the optimizer takes all examples at every step.
  [[nodiscard]] bool whole_batch() const;

  /// The schedule in force.
  [[nodiscard]] Schedule schedule_in_force() const;
};

}  // namespace fallline
