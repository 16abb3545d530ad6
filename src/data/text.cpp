#include "data/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <fallline/error.hpp>
#include <limits>

#include "bytes.hpp"
#include "data/foreign.hpp"
#include "files/contents.hpp"

namespace fallline::data {
namespace {

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [lower](char x, char y) { return lower(x) == lower(y); });
}

/// The line, from 1, that byte `at` is on.
std::uint64_t line_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  std::uint64_t lines = 1;
  for (std::size_t i = 0; i < before.size(); ++i)
    lines += before[i] == '\n' || (before[i] == '\r' && text.substr(i + 1, 1) != "\n") ? 1 : 0;
  return lines;
}

/// Whether a number in a form that from_chars takes is below 1 in size, whatever its exponent.
bool is_below_one(std::string_view text) {
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  const std::string_view digits = text.substr(0, mark);
  const std::size_t first = digits.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  // The first digit that is not 0 counts 10^place.
  const auto place =
      static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) - (first < point ? 1 : 0);
  std::string_view exponent = text.substr(std::min(mark + 1, text.size()));
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  std::int64_t e = 0;
  const auto read = std::from_chars(exponent.data(), exponent.data() + exponent.size(), e);
  if (read.ec == std::errc::result_out_of_range) return exponent.starts_with('-');
  return place + std::clamp<std::int64_t>(e, -(INT64_C(1) << 62), INT64_C(1) << 62) < 0;
}

/// The nearest T; what is too large or too small for one, a Wide tells, and beyond that its digits.
template <class T, class Wide>
std::optional<T> nearest(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (error == std::errc{}) return value;
  if (error != std::errc::result_out_of_range) return std::nullopt;
  Wide wide = 0;
  const auto again = std::from_chars(text.data(), text.data() + text.size(), wide);
  if (again.ec == std::errc{} && std::abs(wide) < 1) return static_cast<T>(wide);
  if (again.ec == std::errc{} || !is_below_one(text)) return std::nullopt;
  return text.starts_with('-') ? -T{0} : T{0};
}

}  // namespace

std::string_view checked_text(std::string_view all, const std::string& file) {
  if (all.empty()) throw bad_input({.file = file}, "is empty");
  const std::size_t nul = all.find('\0');
  const std::string_view wide = wide_encoding(all);
  if (!wide.empty())
    throw bad_input({.file = file}, fmt::format("is {} text", wide), "save it as UTF-8");
  if (nul != std::string_view::npos)
    throw bad_input({.file = file, .row = line_of(all, nul), .byte = nul},
                    "holds a zero byte, which no text does", "save it as UTF-8 text");
  return without_mark(all);
}

void require_utf8_lines(std::string_view text, const std::string& file) {
  const auto at = first_not_utf8(text);
  if (!at) return;
  const std::size_t begin = text.find_last_of("\r\n", *at) + 1;  // npos + 1 is 0
  const std::string_view line =
      trimmed(text.substr(begin, text.find_first_of("\r\n", *at) - begin));
  throw not_utf8({.file = file, .row = line_of(text, *at)}, line, first_not_utf8(line).value_or(0));
}

Text read_text(const Candidate& candidate, std::uint64_t memory_limit) {
  Contents contents = read_contents(candidate.path, candidate.gzipped, memory_limit);
  const std::string_view text = checked_text(as_text(contents.bytes), candidate.path.string());
  return {.owner = std::move(contents.owner), .content = text};
}

Text read_table(const Candidate& candidate, std::uint64_t memory_limit) {
  const std::string kind = foreign_kind(as_text(candidate.head));
  if (!kind.empty()) throw bad_input({.file = candidate.path.string()}, "is no table", kind);
  return read_text(candidate, memory_limit);
}

bool is_text(const Candidate& candidate) {
  return std::ranges::all_of(as_text(candidate.head), [](char c) {
    return !is_control(c) || c == '\t' || c == '\n' || c == '\r' || c == '\f';
  });
}

std::string_view whole_lines(std::string_view text) {
  constexpr std::size_t most = 1 << 16;
  const std::string_view head = without_mark(text.substr(0, most));
  if (text.size() < most) return head;
  const std::size_t last = head.rfind('\n');
  return last == std::string_view::npos ? head : head.substr(0, last + 1);
}

std::string_view whole_lines(const Candidate& candidate) {
  return whole_lines(as_text(candidate.head));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<float> number(std::string_view text) { return nearest<float, double>(text); }

std::optional<double> double_number(std::string_view text) {
  return nearest<double, long double>(text);
}

bool is_too_large(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc::result_out_of_range && end == text.data() + text.size() &&
         !is_below_one(text);
}

bool is_missing(std::string_view text) {
  constexpr std::array<std::string_view, 5> marks{"", "?", "NA", "N/A", "null"};
  return std::ranges::any_of(marks, [text](std::string_view m) { return same_letters(m, text); });
}

std::string why_no_number(std::string_view text, std::string_view wanted) {
  if (text.empty()) return "the cell is empty";
  if (is_missing(text)) return shown(text) + " is a missing value";
  return fmt::format("{} is not {}", shown(text), number(text) ? "finite" : wanted);
}

}  // namespace fallline::data
