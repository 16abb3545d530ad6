#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

/// How to read a series where its file leaves a choice.
struct SeriesOptions {
  /// CSV/TSV: a header's name or a number from 1; empty: the last column with numbers. JSON lines:
  /// a key; empty: `loss`.
  std::string column;
  /// CSV/TSV: whether the first row holds names; unset: it does where it has text above a number.
  std::optional<bool> header;
  /// CSV/TSV: a cell that is empty, ?, NA, N/A, null or NaN is a missing value, not an error.
  bool skip_missing = false;
  /// Bytes that reading may take, mapped files included; 0: what the machine has available.
  std::uint64_t memory_limit = 0;
};

/// One number after another: temperatures by day, losses by step.
struct Series {
  std::string file;
  std::string name;                ///< of its column, or empty where there is no header
  std::vector<double> values;      ///< at least one; NaN where a value is missing
  std::size_t missing = 0;         ///< how many are
  std::vector<std::string> notes;  ///< every choice made for the person, one sentence each
};

/// Reads one column of a table of text: CSV or TSV with or without a header, plain numbers one a
/// line, or JSON lines such as a run's history.jsonl; gzipped or not. A directory stands for the
/// history of the run in it, also of one under way.
///
/// In JSON lines null is a missing value: that is how a history writes a loss that is not finite.
///
/// @throws Error(bad_input) naming the file, and the row and column of a cell that is no finite
///         number; Error(usage) where there is no such column; Error(not_enough_memory).
[[nodiscard]] Series read_series(const std::filesystem::path& path,
                                 const SeriesOptions& options = {});

/// The same from a text in memory; `file` is what errors call it.
[[nodiscard]] Series parse_series(std::string_view text, const std::string& file,
                                  const SeriesOptions& options = {});

}  // namespace fallline
