#pragma once

// What the readers of text formats share.

#include <fallline/data/open.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "checked_size.hpp"
#include "data/reader.hpp"
#include "utf8.hpp"

namespace fallline::data {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// A text file's contents without its byte order mark.
struct Text {
  std::shared_ptr<const void> owner;
  std::string_view content;
};

/// @throws Error(bad_input) where the file cannot be read, is empty, holds a NUL byte, or is text
/// of
///         two or four bytes a character.
[[nodiscard]] Text read_text(const Candidate& candidate, std::uint64_t memory_limit);

/// The same of a table. @throws Error(bad_input) also where it is of another kind (foreign.hpp)
[[nodiscard]] Text read_table(const Candidate& candidate, std::uint64_t memory_limit);

/// `all` without its byte order mark. @throws Error(bad_input) as `read_text`
[[nodiscard]] std::string_view checked_text(std::string_view all, const std::string& file);

/// @throws Error(bad_input) naming the first line of `text` that is not UTF-8
void require_utf8_lines(std::string_view text, const std::string& file);

/// Whether the first bytes of a file can be text: no control characters but blanks and line ends.
[[nodiscard]] bool is_text(const Candidate& candidate);

/// The lines that end within the first 64 KiB of a text, without a byte order mark; the beginning
/// of a first line that is longer.
[[nodiscard]] std::string_view whole_lines(std::string_view text);
[[nodiscard]] std::string_view whole_lines(const Candidate& candidate);

[[nodiscard]] constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The nearest float to a decimal number, a sign before it allowed; also "nan" and "inf". Nothing
/// where `text` is anything else or too large for a float.
[[nodiscard]] std::optional<float> number(std::string_view text);
/// The same in double precision.
[[nodiscard]] std::optional<double> double_number(std::string_view text);

/// Whether `text` is a number that is too large for a float.
[[nodiscard]] bool is_too_large(std::string_view text);

/// Whether `text` stands for a missing value: nothing, ?, NA, N/A, null.
[[nodiscard]] bool is_missing(std::string_view text);

/// Why a cell is no finite number, for a message: empty, missing, infinite, or not `wanted` at all.
[[nodiscard]] std::string why_no_number(std::string_view text, std::string_view wanted);

using fallline::shown;

}  // namespace fallline::data
