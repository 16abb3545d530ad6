#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/model/network.hpp>
#include <fallline/objective/curvature.hpp>
#include <fallline/train/options.hpp>
#include <fallline/workers.hpp>
#include <string>
#include <vector>

namespace fallline {

/// Where the learning rate of a run comes from.
enum class RateSource : std::uint8_t {
  given,
  curvature,    ///< `automatic_rate`
  features,     ///< `automatic_adaptive_rate`
  custom,       ///< `customary_rate`
  line_search,  ///< the optimizer finds the length of every step
};

/// What a run will do: the options with every choice made, and what it takes.
struct Plan {
  TrainOptions options;  ///< as asked
  PreprocessingKind preprocessing = PreprocessingKind::none;
  std::size_t classes = 0;
  std::size_t features = 0;
  Network network;
  std::size_t parameters = 0;  ///< P
  std::size_t examples = 0;    ///< N of the training part, the validation part taken off
  std::size_t validation_examples = 0;
  std::size_t test_examples = 0;
  std::size_t batch_size = 0;       ///< b
  std::size_t steps_per_epoch = 0;  ///< ⌈N/b⌉
  std::size_t epochs = 0;
  double learning_rate = 0;  ///< α0, which the schedule starts from
  RateSource rate_source = RateSource::given;
  FeatureMoment moment;  ///< measured for an automatic rate, else 0
  std::size_t threads = 0;
  std::uint64_t working_bytes = 0;             ///< parameters, gradient, optimizer state, scores
  std::uint64_t memory_bytes = 0;              ///< and the data
  std::string instruction_set;                 ///< its name
  Arithmetic arithmetic = Arithmetic::floats;  ///< of the steps; evaluations are in float

  [[nodiscard]] std::uint64_t steps() const { return std::uint64_t{epochs} * steps_per_epoch; }
  [[nodiscard]] bool full_batch() const { return batch_size == examples; }
};

/// The learning rate for an objective from its curvature:
///
///     α = 1.5 / ((κ (λ_max + trace/b) + λ₂) · gain)
///
/// κ λ_max + λ₂ bounds the objective's curvature, so that on all examples plain descent lowers the
/// cost at every step (the limit is 2 in place of 1.5). trace/b is what a batch of b adds to it.
/// `gain` is what the optimizer makes of a constant gradient, 1/(1−μ) for heavy-ball momentum.
[[nodiscard]] double automatic_rate(const Loss& loss, const Penalty& penalty, std::size_t classes,
                                    std::size_t batch_size, const FeatureMoment& moment,
                                    double gain);

/// The learning rate for a network, whose curvature λ was found at its first weights
/// (sharpness.hpp):
///
///     α = 1.5 / (λ · gain) on all examples, so that the cost falls at every step
///     α = k / (λ (1 + trace/(b λ_max)) · gain) in batches of b,   k = 8 or 3
///
/// The second is above the 2/λ up to which the cost falls at once: in the first steps it may rise,
/// and the descent moves to where the curvature is lower. Lewkowycz et al. 2020 ("The large
/// learning rate phase of deep learning: the catapult mechanism") find networks to train up to some
/// 4/λ, and those of ReLUs up to some 12/λ, best not far below. So k is 8 where all activations are
/// rectifiers. The bracket is what a batch of b adds, as for a linear classifier, with the
/// features' second moment. docs/defaults.md has measurements.
[[nodiscard]] double automatic_network_rate(const Plan& plan, double sharpness, double gain);

/// The learning rate for an adaptive optimizer, whose steps have the size of the rate rather than
/// that of the gradient. A step of α in every parameter moves a score by at most
/// α ‖z‖₁ ≤ α √((D+1) trace):
///
///     α = first_move / (√((D+1) · trace) · gain)
///
/// with the `first_move` of the optimizer's row (optimizer.hpp): docs/decisions/0004.
[[nodiscard]] double automatic_adaptive_rate(double first_move, std::size_t features,
                                             const FeatureMoment& moment, double gain);

/// The learning rate for an adaptive optimizer on a network: 0.001 for Adam (Kingma and Ba 2015,
/// section 2) and its like, for others as much more or less as their `first_move` is:
///
///     α = first_move / (300 · gain)
[[nodiscard]] double customary_rate(double first_move, double gain);

/// Integers for bytes where steps are made on batches: what rounding does to a gradient is far less
/// than what drawing a batch does. A step on all examples has no such noise, and line searches need
/// a smooth objective.
[[nodiscard]] Arithmetic automatic_arithmetic(const Dataset& data, std::size_t batch_size);

/// Epochs when none are asked for: at least 15, and more where that would be fewer than 2,000
/// steps, at most 500.
[[nodiscard]] std::size_t automatic_epochs(std::size_t steps_per_epoch);

/// Bytes that training takes beside the data.
/// @throws Error(usage) for a model that cannot be made for the data
[[nodiscard]] std::uint64_t training_bytes(const Dataset& data, const TrainOptions& options,
                                           std::size_t threads);

}  // namespace fallline
