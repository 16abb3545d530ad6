#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/instruction_set.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace fallline::bench {

/// What a bench measures.
enum class Subject : std::uint8_t {
  machine,     ///< its peaks
  epoch,       ///< a training epoch: shuffle, gather, forward, backward, update
  evaluation,  ///< a model over a whole set
  optimizers,  ///< single steps of the optimizers
};

[[nodiscard]] std::string_view name_of(Subject subject);
/// @throws Error(usage) for an unknown name.
[[nodiscard]] Subject subject_named(std::string_view name);
[[nodiscard]] std::vector<Subject> subjects();

/// Seconds of something that was done several times.
struct Seconds {
  double median = 0;  ///< of an even number the upper of the middle two
  double least = 0;
  double greatest = 0;
  std::size_t repeats = 0;

  /// @throws Error(usage) where there are no values.
  [[nodiscard]] static Seconds of(std::vector<double> values);
};

/// What a computation is counted in.
enum class Unit : std::uint8_t {
  operations,  ///< floating-point operations; a multiply-add is two
  bytes,       ///< read from memory and written to it
};

/// How long something took, and what share of the machine's peak that is.
struct Measurement {
  Subject subject = Subject::epoch;
  std::string data;  ///< name of the set; empty for single steps, as are all sizes but parameters
  InstructionSet instruction_set = InstructionSet::baseline;
  std::size_t threads = 0;
  std::size_t examples = 0;  ///< N
  std::size_t features = 0;  ///< D
  std::size_t classes = 0;   ///< C
  CellType cells = CellType::u8;
  std::size_t batch_size = 0;  ///< of an epoch
  std::size_t parameters = 0;  ///< of a step
  std::string loss;            ///< of an epoch or an evaluation
  std::string optimizer;       ///< of an epoch or a step
  std::string arithmetic;      ///< of an epoch or an evaluation: what was chosen
  Seconds seconds;
  Unit unit = Unit::operations;
  double work = 0;  ///< operations or bytes done each time
  double peak = 0;  ///< the same unit a second: what the machine reached beside it

  /// Operations or bytes a second, by the median.
  [[nodiscard]] double rate() const { return seconds.median > 0 ? work / seconds.median : 0; }
  [[nodiscard]] double percent_of_peak() const { return peak > 0 ? 100 * rate() / peak : 0; }
  [[nodiscard]] double examples_per_second() const {
    return seconds.median > 0 ? static_cast<double>(examples) / seconds.median : 0;
  }
};

}  // namespace fallline::bench
