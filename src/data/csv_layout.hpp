#pragma once

#include <cstddef>
#include <fallline/data/open.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/csv_table.hpp"

namespace fallline::data {

/// What the rows of a CSV file of examples mean, from its first two rows and the options.
struct CsvLayout : CsvTable {
  std::optional<std::size_t> label;   ///< from 0
  std::vector<std::size_t> features;  ///< column of each; empty: all but the label's, in order
};

/// A column that is called as labels usually are.
/// @throws Error(usage) where more than one is.
[[nodiscard]] std::optional<std::size_t> usual_label(const CsvTable& table);

/// @throws Error(bad_input) where the rows cannot be told; Error(usage) where an option names no
///         column; Error(not_enough_memory) where not even the columns' names fit.
[[nodiscard]] CsvLayout csv_layout(std::string_view text, const std::string& file,
                                   const OpenOptions& options);

}  // namespace fallline::data
