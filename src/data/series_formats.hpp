#pragma once

#include <fallline/data/series.hpp>
#include <string>
#include <string_view>

namespace fallline::data {

/// A column of a delimited table. @throws what `parse_series` does.
[[nodiscard]] Series series_of_csv(std::string_view text, const std::string& file,
                                   const SeriesOptions& options);

/// Whether a text is JSON lines: its first character that is no blank opens an object.
[[nodiscard]] bool is_json_lines(std::string_view text);

/// A key of JSON lines. A last line without an end is left out where the file is one that a run
/// is still writing (`.partial`). @throws what `parse_series` does.
[[nodiscard]] Series series_of_json_lines(std::string_view text, const std::string& file,
                                          const SeriesOptions& options);

/// Makes room for the values of a text with so many rows at most.
/// @throws Error(not_enough_memory)
void reserve(Series& series, std::string_view text, std::uint64_t memory_limit);

}  // namespace fallline::data
