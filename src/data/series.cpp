#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/data/series.hpp>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <system_error>

#include "bytes.hpp"
#include "data/examined.hpp"
#include "data/series_formats.hpp"
#include "data/text.hpp"
#include "files/mappings.hpp"

namespace fallline {
namespace data {

void reserve(Series& series, std::string_view text, std::uint64_t memory_limit) {
  const auto ends = std::ranges::count_if(text, [](char c) { return c == '\n' || c == '\r'; });
  const std::size_t rows = static_cast<std::size_t>(ends) + 1;
  require_memory(text.size() + rows * sizeof(double), memory_limit,
                 fmt::format("{}: text and up to {} values", series.file, rows),
                 "allow more memory, or read a part of the rows");
  series.values.reserve(rows);
}

namespace {

/// The history of the run in a directory; that of a run under way has a name of its own.
std::filesystem::path history_in(const std::filesystem::path& directory) {
  std::error_code ignored;
  for (const char* name : {"history.jsonl", "history.jsonl.partial"})
    if (std::filesystem::exists(directory / name, ignored)) return directory / name;
  throw bad_input({.file = directory.string()}, "is a directory, and holds no history.jsonl",
                  "name a file, or the directory of a run");
}

void count_missing(Series& series) {
  series.missing = static_cast<std::size_t>(
      std::ranges::count_if(series.values, [](double v) { return std::isnan(v); }));
  if (series.missing == series.values.size())
    throw bad_input({.file = series.file}, "holds no value: every one is missing");
  if (series.missing > 0)
    series.notes.push_back(fmt::format("{} of {} values missing and passed over", series.missing,
                                       series.values.size()));
}

}  // namespace
}  // namespace data

Series parse_series(std::string_view text, const std::string& file, const SeriesOptions& options) {
  text = data::checked_text(text, file);
  Series series = data::is_json_lines(text) ? data::series_of_json_lines(text, file, options)
                                            : data::series_of_csv(text, file, options);
  data::count_missing(series);
  return series;
}

Series read_series(const std::filesystem::path& path, const SeriesOptions& options) {
  std::error_code ignored;
  const bool directory = std::filesystem::is_directory(path, ignored);
  return read_mapped([&] {
    const data::Examined examined(directory ? data::history_in(path) : path);
    const Contents contents = data::contents_of(examined.candidate(), options.memory_limit);
    return parse_series(as_text(contents.bytes), examined.candidate().path.string(), options);
  });
}

}  // namespace fallline
