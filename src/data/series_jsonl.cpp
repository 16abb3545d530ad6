#include <fmt/format.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <limits>

#include "data/series_formats.hpp"
#include "data/text.hpp"
#include "json_text.hpp"

namespace fallline::data {
namespace {

using nlohmann::json;

/// Reads one key of every line.
class Key {
 public:
  Key(Series& series, bool chosen) : series_(series), chosen_(chosen) {}

  void read(std::string_view text) {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      ++row_;
      read_line(text.substr(begin, end - begin));
      begin = end + 1;
    }
  }

 private:
  void read_line(std::string_view line) {
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
    const auto object = parse_json<json>(line, {.file = series_.file, .row = row_});
    if (!object.is_object())
      throw refuse("is not one JSON object", "JSON lines hold one object a line, each complete");
    const auto value = object.find(series_.name);
    if (value == object.end()) throw no_such_key(object);
    if (!value->is_number() && !value->is_null())
      throw refuse(fmt::format("{} is {}, not a number", shown(series_.name), value->type_name()),
                   "choose another key, or mend the line");
    series_.values.push_back(value->is_null() ? std::numeric_limits<double>::quiet_NaN()
                                              : value->get<double>());
  }

  [[nodiscard]] Error no_such_key(const json& object) const {
    constexpr std::size_t most = 12;
    std::string keys;
    for (const auto& [key, value] : object.items()) {
      if (std::ranges::count(keys, ',') + 1 == most) break;
      keys += (keys.empty() ? "" : ", ") + shown(key);
    }
    if (chosen_ && series_.values.empty())
      return usage_error(fmt::format("{} has no key {}", series_.file, shown(series_.name)),
                         "its keys are " + keys);
    return refuse("has no key " + shown(series_.name), "the line's keys are " + keys);
  }

  [[nodiscard]] Error refuse(std::string problem, std::string advice) const {
    return bad_input({.file = series_.file, .row = row_}, std::move(problem), std::move(advice));
  }

  Series& series_;
  bool chosen_;
  std::uint64_t row_ = 0;
};

}  // namespace

bool is_json_lines(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

Series series_of_json_lines(std::string_view text, const std::string& file,
                            const SeriesOptions& options) {
  require_utf8_lines(text, file);
  Series series{.file = file, .name = options.column.empty() ? "loss" : options.column};
  if (file.ends_with(".partial") && !text.ends_with('\n')) {
    text = text.substr(0, text.rfind('\n') + 1);
    series.notes.emplace_back("the last line is not complete yet, and left out");
  }
  reserve(series, text, options.memory_limit);
  Key(series, !options.column.empty()).read(text);
  if (series.values.empty()) throw bad_input({.file = file}, "holds no complete line");
  return series;
}

}  // namespace fallline::data
