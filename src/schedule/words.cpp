#include "schedule/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <fallline/error.hpp>
#include <fallline/schedule/bounds.hpp>

#include "data/text.hpp"

namespace fallline::schedule {
namespace {

template <class T>
void read_number(std::string_view value, std::string_view field, T& out, const char* bound) {
  const char* end = value.data() + value.size();
  const auto [last, error] = std::from_chars(value.data(), end, out);
  if (error != std::errc{} || last != end)
    throw usage_error(fmt::format("{} is {}", field, data::shown(value)),
                      fmt::format("it must be {}", bound));
}

}  // namespace

std::vector<std::string_view> cut(std::string_view text, std::string_view mark) {
  std::vector<std::string_view> pieces;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (quoted || !text.substr(i).starts_with(mark)) continue;
    pieces.push_back(data::trimmed(text.substr(begin, i - begin)));
    begin = i + mark.size();
    i = begin - 1;
  }
  pieces.push_back(data::trimmed(text.substr(std::min(begin, text.size()))));
  return pieces;
}

Words words_of(std::string_view part) {
  const std::size_t colon = part.find(':');
  Words words{.name = data::trimmed(part.substr(0, colon)), .settings = {}};
  if (colon == std::string_view::npos) return words;
  for (const std::string_view setting : cut(part.substr(colon + 1), ",")) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string_view::npos)
      throw usage_error(fmt::format("{} of {} is no setting", data::shown(setting), words.name),
                        "settings are key=value, with commas between them");
    const std::string_view key = data::trimmed(setting.substr(0, equals));
    for (const auto& given : words.settings)
      if (given.first == key)
        throw usage_error(fmt::format("{} of {} is given twice", key, words.name),
                          "leave one of them out");
    words.settings.emplace_back(key, data::trimmed(setting.substr(equals + 1)));
  }
  return words;
}

void read(std::string_view value, std::string_view field, double& out) {
  read_number(value, field, out, "a number");
}

void read(std::string_view value, std::string_view field, std::uint64_t& out) {
  read_number(value, field, out, "a whole number from 1");
  require(out >= 1, field, 0, "a whole number from 1");
}

void read(std::string_view value, std::string_view field, std::vector<std::uint64_t>& out) {
  for (const std::string_view piece : cut(value, "/"))
    read_number(piece, field, out.emplace_back(), "whole numbers with / between them");
}

void read(std::string_view value, std::string_view field, std::string& out) {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  const std::string_view inside = quoted ? value.substr(1, value.size() - 2) : value;
  out.clear();
  for (std::size_t i = 0; i < inside.size(); ++i) {
    out += inside[i];
    if (inside[i] != '"') continue;
    if (!quoted || ++i == inside.size() || inside[i] != '"')
      throw usage_error(fmt::format("{} has a double quote in it: {}", field, data::shown(value)),
                        "write it between double quotes, and double each within them");
  }
}

std::string written(double value) { return fmt::format("{}", value); }

std::string written(std::uint64_t value) { return value == 0 ? "" : fmt::format("{}", value); }

std::string written(const std::vector<std::uint64_t>& value) {
  return fmt::format("{}", fmt::join(value, "/"));
}

std::string written(const std::string& value) {
  if (value.find_first_of(" \t,\"") == std::string::npos) return value;
  std::string quoted = "\"";
  for (const char c : value) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

}  // namespace fallline::schedule
