#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fallline::data {

/// Delimited text as RFC 4180 has it, cell by cell: `while (next_row()) do cell(); while
/// (!row_ended());`
///
/// A cell in quotes may hold delimiters, line ends and doubled quotes. Lines end with LF, CRLF or
/// CR. Blanks around a cell are not part of it. Empty lines are allowed only at the end.
class CsvTokens {
 public:
  CsvTokens(std::string_view text, char delimiter, std::string file);

  /// Goes to the next row. False at the end of the text.
  /// @throws Error(bad_input) at an empty line that others follow.
  [[nodiscard]] bool next_row();

  /// The next cell of the row; valid until the next call.
  /// @throws Error(bad_input) where quotes are not closed, or text follows the closing one.
  [[nodiscard]] std::string_view cell();

  /// Whether the last cell was its row's last.
  [[nodiscard]] bool row_ended() const { return row_ended_; }

  /// Whether the last cell was in quotes.
  [[nodiscard]] bool in_quotes() const { return in_quotes_; }

  /// The line, from 1, on which the row began.
  [[nodiscard]] std::uint64_t line() const { return row_line_; }

 private:
  [[nodiscard]] std::string_view plain_cell();
  [[nodiscard]] std::string_view quoted_cell();
  void end_cell();
  void end_line();
  void skip_blanks();
  [[nodiscard]] bool ends_cell(char c) const { return ends_[static_cast<unsigned char>(c)]; }

  const char* at_;
  const char* end_;
  std::string file_;
  std::array<bool, 256> ends_{};  ///< the bytes that end a cell
  char delimiter_;
  bool row_ended_ = true;
  bool in_quotes_ = false;
  std::uint64_t line_ = 1;
  std::uint64_t row_line_ = 0;
  std::string unescaped_;  ///< the last cell, where doubled quotes made it differ from the text
};

}  // namespace fallline::data
