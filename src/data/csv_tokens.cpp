#include "data/csv_tokens.hpp"

#include <algorithm>
#include <fallline/error.hpp>
#include <utility>

#include "data/text.hpp"

namespace fallline::data {

CsvTokens::CsvTokens(std::string_view text, char delimiter, std::string file)
    : at_(text.data()),
      end_(text.data() + text.size()),
      file_(std::move(file)),
      delimiter_(delimiter) {
  for (const char c : {delimiter, '\n', '\r'}) ends_[static_cast<unsigned char>(c)] = true;
}

bool CsvTokens::next_row() {
  const std::uint64_t first_empty = line_;
  while (true) {
    skip_blanks();
    if (at_ == end_) return false;
    if (*at_ != '\n' && *at_ != '\r') break;
    end_line();
  }
  if (line_ != first_empty)
    throw bad_input({.file = file_, .row = first_empty}, "is empty, and rows follow",
                    "remove the empty line");
  row_line_ = line_;
  row_ended_ = false;
  return true;
}

std::string_view CsvTokens::cell() {
  skip_blanks();
  in_quotes_ = at_ != end_ && *at_ == '"';
  const std::string_view text = in_quotes_ ? quoted_cell() : plain_cell();
  end_cell();
  return text;
}

std::string_view CsvTokens::plain_cell() {
  const char* begin = at_;
  while (at_ != end_ && !ends_cell(*at_)) ++at_;
  const char* last = at_;
  while (last != begin && is_blank(last[-1])) --last;
  return {begin, last};
}

std::string_view CsvTokens::quoted_cell() {
  const Where opened{.file = file_, .row = line_};
  const char* begin = ++at_;
  bool doubled = false;
  unescaped_.clear();
  while (true) {
    const char* quote = std::find(at_, end_, '"');
    if (quote == end_)
      throw bad_input(opened, "a cell in quotes does not end",
                      "close the quotes, or double each quote inside them");
    line_ += static_cast<std::uint64_t>(std::count(at_, quote, '\n'));
    at_ = quote + 1;
    if (at_ == end_ || *at_ != '"') {
      if (doubled) unescaped_.append(begin, quote);
      break;
    }
    doubled = true;
    unescaped_.append(begin, at_);
    begin = ++at_;
  }
  const std::string_view text = doubled ? unescaped_ : std::string_view{begin, at_ - 1};
  skip_blanks();
  if (at_ != end_ && !ends_cell(*at_))
    throw bad_input({.file = file_, .row = line_}, "text follows the closing quote of a cell",
                    "double each quote inside a cell in quotes");
  return text;
}

void CsvTokens::end_cell() {
  if (at_ != end_ && *at_ == delimiter_) {
    ++at_;
    return;
  }
  row_ended_ = true;
  if (at_ != end_) end_line();
}

void CsvTokens::end_line() {
  if (*at_++ == '\r' && at_ != end_ && *at_ == '\n') ++at_;
  ++line_;
}

void CsvTokens::skip_blanks() {
  while (at_ != end_ && is_blank(*at_) && *at_ != delimiter_) ++at_;
}

}  // namespace fallline::data
