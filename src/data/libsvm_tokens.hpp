#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fallline::data {

/// Takes the next line off the front of a text; a comment (`#` to the end) is not part of it.
[[nodiscard]] std::string_view take_line(std::string_view& text);

/// Takes the next word off the front of a line; empty at its end.
[[nodiscard]] std::string_view take_word(std::string_view& line);

/// The rows of a LIBSVM file, `label index:value … # comment`, one pair at a time:
/// `while (next_row()) while (next_pair())`. Empty lines and comments are passed over.
class LibsvmTokens {
 public:
  LibsvmTokens(std::string_view text, std::string file);

  /// Goes to the next row and reads its label. False at the end of the text.
  /// @throws Error(bad_input) where the row has no label, or more than one.
  [[nodiscard]] bool next_row();

  /// Reads the row's next pair. False at its end.
  /// @throws Error(bad_input) where a token is no pair, or the indices do not ascend.
  [[nodiscard]] bool next_pair();

  [[nodiscard]] std::string_view label() const { return label_; }
  [[nodiscard]] std::uint64_t index() const { return index_; }
  [[nodiscard]] float value() const { return value_; }
  /// How many of the pairs so far had a value that is 0 only as a cell.
  [[nodiscard]] std::size_t tiny() const { return tiny_; }
  [[nodiscard]] std::string_view token() const { return token_; }
  [[nodiscard]] std::uint64_t line() const { return line_; }

  /// Refuses the current token. @throws Error(bad_input)
  [[noreturn]] void refuse(std::string problem, std::string advice) const;

 private:
  void read_label();
  void read_pair(std::size_t colon);

  std::string_view text_;  ///< lines to come
  std::string_view row_;   ///< what is left of the current line
  std::string file_;
  std::string_view token_;
  std::string_view label_;
  std::uint64_t index_ = 0;
  float value_ = 0;
  std::size_t tiny_ = 0;
  bool first_pair_ = true;
  std::uint64_t line_ = 0;
};

}  // namespace fallline::data
