#pragma once

#include <cstdint>
#include <fallline/schedule/moment.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace fallline::schedule {

/// From `step` on the rate is `rate`.
struct RateChange {
  std::uint64_t step = 1;  ///< from 1
  double rate = 0;         ///< finite, ≥ 0

  bool operator==(const RateChange&) const = default;
};

/// The rates of a record, exactly: at each step that of the last change at or before it, and α0
/// before the first. This is how a rate that a person changed by hand is had again.
struct Replay {
  std::vector<RateChange> changes;  ///< steps ascending
  std::string file;                 ///< that they were read from, if any

  void validate() const;
  double operator()(double base, const Moment& now) const;
};

/// Reads a record of rates: a run's `history.jsonl`, or any other JSON lines with `step` and
/// `rate`; or CSV whose first row names columns `step` and `rate`. Either may be gzipped.
/// @throws Error(bad_input) with file and row where it is anything else, empty or cut short, or
///         where steps do not ascend or a rate is negative or not finite
[[nodiscard]] Replay read_replay(const std::filesystem::path& file);

}  // namespace fallline::schedule
