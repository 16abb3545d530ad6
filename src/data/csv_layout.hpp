#pragma once

#include <cstddef>
#include <fallline/data/open.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fallline::data {

/// What the rows of a CSV file mean, from its first two rows and the options.
struct CsvLayout {
  char delimiter = ',';
  bool header = false;
  std::size_t columns = 0;
  std::optional<std::size_t> label;  ///< from 0
  std::vector<std::string> names;    ///< of the columns, or empty
  std::vector<std::string> notes;    ///< every choice made, one sentence each
};

/// @throws Error(bad_input) where the rows cannot be told; Error(usage) where an option names no
///         column; Error(not_enough_memory) where not even the columns' names fit.
[[nodiscard]] CsvLayout csv_layout(std::string_view text, const std::string& file,
                                   const OpenOptions& options);

/// How well a delimiter suits the first rows.
struct CsvFit {
  char delimiter = ',';
  std::size_t cells = 0;    ///< in the first row
  std::size_t numbers = 0;  ///< cells that are one, in the rows looked at
  bool even = true;         ///< whether the second row, if there, has as many as the first
};

/// The delimiter (comma, tab, semicolon) that finds the most numbers, then the most cells.
[[nodiscard]] CsvFit csv_fit(std::string_view first_lines);

}  // namespace fallline::data
