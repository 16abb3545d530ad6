#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/arithmetic.hpp>
#include <fallline/bench/machine.hpp>
#include <fallline/bench/measurement.hpp>
#include <fallline/data/dataset.hpp>
#include <fallline/loss/loss.hpp>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace fallline::bench {

/// What to measure: the cross product of the lists.
struct Options {
  std::vector<Subject> subjects = bench::subjects();
  std::vector<InstructionSet> instruction_sets;  ///< empty: the one in force
  std::vector<std::size_t> threads{0};           ///< 0: as many as this process may use
  std::vector<std::size_t> examples{50'000};     ///< N of synthetic sets
  std::vector<std::size_t> features{3'072};      ///< D
  std::vector<std::size_t> classes{10};          ///< C
  CellType cells = CellType::u8;
  std::vector<std::size_t> batch_sizes{64, 256, 1024};  ///< as in TrainOptions
  std::vector<LossKind> losses{LossKind::softmax};
  std::vector<Arithmetic> arithmetics{Arithmetic::automatic};  ///< of epochs
  std::vector<std::string> optimizers;              ///< empty: sgd in epochs, else all that step
  std::vector<std::size_t> parameters{20'000'000};  ///< P of single steps
  double learning_rate = 1e-6;                      ///< of epochs; low, so that none diverges
  std::size_t repeats = 5;                          ///< timed; what comes before them is not
  std::uint64_t seed = 1;
  std::uint64_t memory_limit = 0;  ///< bytes; 0: what is available

  /// @throws Error(usage) naming the first option out of its bounds.
  void validate() const;

  [[nodiscard]] bool measures(Subject subject) const;
};

struct Result {
  std::vector<Machine> machines;  ///< one for each instruction set and number of threads
  std::vector<Measurement> measurements;
};

using Finding = std::variant<Machine, Measurement>;

/// Measures the machine, then epochs, evaluations and the steps of optimizers.
///
/// An epoch is timed from its shuffle to its last update, 4·C·D operations an example; an
/// evaluation counts 2·C·D, whatever the arithmetic; the peak is that of floats. Between the
/// repeats the peak is looked at: that of a measurement is the larger of those just before and just
/// after the median one. Instruction set and threads are put back as they were.
///
/// @param data  labelled examples to use in place of synthetic ones
/// @param told  of each finding, as it is made
/// @throws Error(usage), Error(not_enough_memory) before anything is measured; Error(diverged)
[[nodiscard]] Result run(const Options& options, const std::optional<Dataset>& data = {},
                         const std::function<void(const Finding&)>& told = {});

/// The result as one JSON object (docs/command-line.md lists the keys).
[[nodiscard]] std::string json(const Result& result);

}  // namespace fallline::bench
