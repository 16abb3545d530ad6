#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/bench/measurement.hpp>
#include <fallline/optim/optimizer.hpp>
#include <fallline/workers.hpp>
#include <memory>
#include <string>
#include <vector>

namespace fallline::bench {

/// How near the steps of optimizers on P float parameters come to the memory's bandwidth.
///
/// An optimizer with k − 1 numbers of state a parameter reads the gradient, and reads and writes k
/// arrays: 4P(2k + 1) bytes a step. Beside it, in turns, runs a triad with the same streams,
/// x_j ← x_j + s g for j = 1…k (at most 4), and the larger of its
/// bandwidths before and after the median step is the peak.
class StepMeter {
 public:
  /// @param workers  must outlive the meter
  /// @throws Error(usage) for P = 0; Error(not_enough_memory) before the arrays are taken
  StepMeter(std::size_t parameters, std::uint64_t memory_limit, Workers& workers);

  /// `repeats` timed steps, after one that is not.
  [[nodiscard]] Measurement operator()(const std::string& name, Optimizer<float>& optimizer,
                                       std::size_t repeats);

  /// Bytes for P parameters, with the state of any optimizer of the table.
  [[nodiscard]] static std::uint64_t bytes(std::size_t parameters);

 private:
  [[nodiscard]] double triad_seconds(std::size_t written);

  std::size_t parameters_;
  Workers& workers_;
  std::unique_ptr<float[]> gradient_;
  std::vector<std::unique_ptr<float[]>> arrays_;  // the first is the parameters
};

}  // namespace fallline::bench
