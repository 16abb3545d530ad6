#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/error.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fallline::data {

/// How well a delimiter suits the first rows.
struct CsvFit {
  char delimiter = ',';
  std::size_t cells = 0;    ///< in the first row
  std::size_t numbers = 0;  ///< cells that are one, in the rows looked at
  bool even = true;         ///< whether the second row, if there, has as many as the first
};

/// The delimiter (comma, tab, semicolon) that finds the most numbers, then the most cells.
[[nodiscard]] CsvFit csv_fit(std::string_view first_lines);

/// What the rows of a CSV file have in common, from the first two of them.
struct CsvTable {
  char delimiter = ',';
  bool header = false;
  std::size_t columns = 0;
  std::vector<std::string> names;  ///< of the columns, or empty
  std::vector<std::string> notes;  ///< every choice made, one sentence each
};

/// @throws Error(bad_input) naming row and column of the first cell that is not UTF-8
void require_utf8_cells(std::string_view text, const std::string& file);

/// @param header   whether the first row is one; unset: it is where it has text above a number, or
///                 text above text that `is_name` knows
/// @throws Error(bad_input) where the rows cannot be told; Error(not_enough_memory) where not even
///         the columns' names fit.
[[nodiscard]] CsvTable csv_table(
    std::string_view text, const std::string& file, std::optional<bool> header,
    std::uint64_t memory_limit,
    const std::function<bool(std::string_view)>& is_name = [](std::string_view) { return false; });

/// The one column whose name `matches`, from 0; nothing where none does.
/// @param name  what a message calls it
/// @throws Error(usage) where more than one does.
[[nodiscard]] std::optional<std::size_t> csv_column_where(
    const CsvTable& table, std::string_view name,
    const std::function<bool(std::string_view)>& matches);

/// The column that a person chose by its name in the header, or by its number from 1.
/// @param what  what the column is to be: "label"
/// @throws Error(usage) where there is no such column.
[[nodiscard]] std::size_t csv_column(const CsvTable& table, const std::string& choice,
                                     std::string_view what);

/// "column 2, 'temperature'" of the column 1.
[[nodiscard]] std::string csv_column_text(const CsvTable& table, std::size_t column);

/// A row with more or fewer cells than the first.
[[nodiscard]] Error ragged_row(const std::string& file, std::uint64_t row, std::size_t cells,
                               std::size_t columns);

}  // namespace fallline::data
