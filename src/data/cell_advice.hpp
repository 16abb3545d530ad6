#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fallline::data {

/// What to do about a cell that is no number, by what it looks like: a number with separators of
/// thousands or a decimal comma, a date, a percentage, a unit, a missing value, several cells in
/// one, a formula of a spreadsheet, and where it begins a line a comment. Nothing where it looks
/// like none of these.
[[nodiscard]] std::optional<std::string> advice_by_looks(std::string_view cell, bool begins_line);

/// Whether a line that begins with `cell` may be a comment.
[[nodiscard]] bool is_comment(std::string_view cell);

/// Whether `text` is a number but for a comma before its decimals: "0,5".
[[nodiscard]] bool has_decimal_comma(std::string_view text);

}  // namespace fallline::data
