#pragma once

#include <fallline/bench/bench.hpp>
#include <fallline/bench/synthetic.hpp>
#include <fallline/train/options.hpp>
#include <fallline/workers.hpp>
#include <vector>

namespace fallline::bench {

/// The sets and the runs that the options ask for; a run has one epoch more than repeats.
[[nodiscard]] std::vector<SyntheticOptions> sets_of(const Options& options);
[[nodiscard]] std::vector<TrainOptions> runs_of(const Options& options);

/// Times each epoch of a run but the first.
/// @throws Error(diverged)
[[nodiscard]] Measurement measure_epoch(const Dataset& data, const TrainOptions& run,
                                        Workers& workers);

/// Times `repeats` evaluations of a model with random weights, after one that is not timed.
[[nodiscard]] Measurement measure_evaluation(const Dataset& data, LossKind loss,
                                             const Options& options, Workers& workers);

}  // namespace fallline::bench
