#include "data/cell_advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <vector>

#include "data/text.hpp"

namespace fallline::data {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

std::vector<std::string_view> split_at(std::string_view text, std::string_view mark) {
  std::vector<std::string_view> pieces;
  for (std::size_t at = text.find(mark); at != std::string_view::npos; at = text.find(mark)) {
    pieces.push_back(text.substr(0, at));
    text.remove_prefix(at + mark.size());
  }
  pieces.push_back(text);
  return pieces;
}

std::string_view without_sign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return small;
}

/// "18,900" with `mark` between its thousands: without it. Nothing where it is no such number.
std::optional<std::string> joined_thousands(std::string_view text, std::string_view mark,
                                            char point) {
  const std::size_t end = text.find(point);
  const std::string_view decimals =
      end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  if (!decimals.empty() && !all_digits(decimals)) return std::nullopt;
  const auto groups = split_at(without_sign(text.substr(0, end)), mark);
  if (groups.size() < 2 || !all_digits(groups[0]) || groups[0].size() > 3 ||
      groups[0].front() == '0')
    return std::nullopt;
  std::string joined = text.starts_with('-') ? "-" : "";
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i > 0 && (groups[i].size() != 3 || !all_digits(groups[i]))) return std::nullopt;
    joined += groups[i];
  }
  return decimals.empty() ? joined : joined + "." + std::string(decimals);
}

std::optional<std::string> thousands(std::string_view cell) {
  struct Style {
    std::string_view mark;
    char point;
  };
  // A comma, a point, blanks (also those that do not break), an apostrophe, an underscore.
  constexpr std::array<Style, 8> styles{{{",", '.'},
                                         {".", ','},
                                         {" ", '.'},
                                         {" ", ','},
                                         {"\xC2\xA0", ','},
                                         {"\xE2\x80\xAF", ','},
                                         {"'", '.'},
                                         {"_", '.'}}};
  for (const auto& [mark, point] : styles) {
    const auto number = joined_thousands(cell, mark, point);
    if (!number) continue;
    std::string advice = fmt::format("write numbers without separators of thousands: {}", *number);
    if (has_decimal_comma(cell)) {
      std::string decimal(cell);
      std::ranges::replace(decimal, ',', '.');
      advice += fmt::format("; or {}, where the comma begins the decimals", decimal);
    }
    return advice;
  }
  return std::nullopt;
}

std::optional<std::string> decimal_comma(std::string_view cell) {
  if (!has_decimal_comma(cell)) return std::nullopt;
  std::string number(cell);
  std::ranges::replace(number, ',', '.');
  return "write decimals with a point: " + number;
}

/// "31.12.2024", "2024-12-31T10:00", "10:30".
bool is_date(std::string_view cell) {
  for (const char mark : {'-', '/', '.', ':'}) {
    const auto pieces = split_at(cell, std::string_view(&mark, 1));
    const bool time = mark == ':';
    if (pieces.size() < (time ? 2 : 3) || !all_digits(pieces[0]) || pieces[0].size() > 4) continue;
    if (!all_digits(pieces[1].substr(0, time ? 2 : pieces[1].size())) || pieces[1].size() > 2)
      continue;
    if (time || is_digit(pieces[2].empty() ? ' ' : pieces[2].front())) return true;
  }
  constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                    "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::string text = lower(cell);
  if (!std::ranges::any_of(text, is_digit)) return false;
  return std::ranges::any_of(months, [&text](std::string_view month) {
    const std::size_t at = text.find(month);
    return at != std::string::npos &&
           (at == 0 || text[at - 1] == ' ' || text[at - 1] == '-' || text[at - 1] == '/');
  });
}

bool stands_for_missing(std::string_view cell) {
  constexpr std::array<std::string_view, 12> marks{
      "-", "--", "---", ".", "none", "nil", "n.a.", "missing", "#n/a", "<na>", "nat", "unknown"};
  return std::ranges::find(marks, lower(cell)) != marks.end();
}

bool is_truth(std::string_view cell) {
  constexpr std::array<std::string_view, 8> marks{"true", "false", "yes", "no", "t", "f", "y", "n"};
  return std::ranges::find(marks, lower(cell)) != marks.end();
}

/// Where it is a number and something else: the something. Nothing where it is not.
std::string_view beside_a_number(std::string_view cell) {
  constexpr std::string_view of_numbers = "0123456789.+-";
  const std::size_t end = std::min(cell.find_first_not_of(of_numbers), cell.size());
  const std::string_view rest = trimmed(cell.substr(end));
  if (end > 0 && double_number(cell.substr(0, end)) && !rest.empty() && !is_digit(rest.back()))
    return rest;
  const std::size_t first = cell.find_first_of(of_numbers);
  if (first != std::string_view::npos && first > 0 && double_number(cell.substr(first)))
    return trimmed(cell.substr(0, first));
  return {};
}

std::optional<std::string> formula(std::string_view cell) {
  if (cell.starts_with('=')) return "save the values of the spreadsheet, not its formulas";
  // Its "#N/A" is a missing value.
  constexpr std::array<std::string_view, 8> errors{"#div/0!", "#name?",  "#null!",  "#num!",
                                                   "#ref!",   "#value!", "#spill!", "#calc!"};
  if (std::ranges::find(errors, lower(cell)) == errors.end()) return std::nullopt;
  return "a formula of the spreadsheet has failed: mend it, or remove the row";
}

/// "0x1F": in decimal.
std::optional<std::string> hexadecimal(std::string_view cell) {
  if (!cell.starts_with("0x") && !cell.starts_with("0X")) return std::nullopt;
  const std::string_view digits = cell.substr(2);
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return fmt::format("write numbers in decimal: {}", value);
}

/// "1.5D+03" of Fortran.
std::optional<std::string> exponent_of_fortran(std::string_view cell) {
  std::string number(cell);
  const std::size_t at = number.find_first_of("dD");
  if (at == std::string::npos) return std::nullopt;
  number[at] = 'e';
  if (!double_number(number)) return std::nullopt;
  return "write the exponent with an e: " + number;
}

std::optional<std::string> several_cells(std::string_view cell) {
  if (cell.find('|') != std::string_view::npos)
    return "cells seem to be separated by '|': separate them by commas, tabs or semicolons";
  std::size_t numbers = 0;
  for (const std::string_view word : split_at(cell, " ")) {
    if (trimmed(word).empty()) continue;
    if (!double_number(trimmed(word))) return std::nullopt;
    ++numbers;
  }
  if (numbers < 2) return std::nullopt;
  return "cells seem to be separated by white space: separate them by commas, tabs or semicolons";
}

}  // namespace

bool has_decimal_comma(std::string_view text) {
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos || text.find('.') != std::string_view::npos) return false;
  if (comma + 1 == text.size() || !is_digit(text[comma + 1])) return false;
  std::string pointed(text);
  pointed[comma] = '.';
  return double_number(pointed).has_value();
}

bool is_comment(std::string_view cell) { return cell.starts_with('#') || cell.starts_with('%'); }

std::optional<std::string> advice_by_looks(std::string_view cell, bool begins_line) {
  constexpr std::string_view minus = "\xE2\x88\x92";
  if (auto advice = formula(cell)) return advice;
  if (begins_line && is_comment(cell))
    return "a line that begins with # or % is no comment here: remove it";
  if (cell.starts_with(minus)) return "write a minus as '-'";
  if (stands_for_missing(cell))
    return "where it stands for a missing value, fill it in, or remove "
           "the row";
  if (is_truth(cell)) return "write 1 and 0";
  if (auto advice = thousands(cell)) return advice;
  if (auto advice = decimal_comma(cell)) return advice;
  if (is_date(cell))
    return "a date or a time is no number: write it as one, such as the days since the first, or "
           "leave the column out";
  if (auto advice = hexadecimal(cell)) return advice;
  if (auto advice = exponent_of_fortran(cell)) return advice;
  if (auto advice = several_cells(cell)) return advice;
  if (const std::string_view unit = beside_a_number(cell); !unit.empty())
    return fmt::format("write the number alone, without {}", shown(unit));
  return std::nullopt;
}

}  // namespace fallline::data
