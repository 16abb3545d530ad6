#include "data/libsvm_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fallline/error.hpp>
#include <utility>

#include "data/cell_advice.hpp"
#include "data/cell_value.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

bool separates(char c) { return is_blank(c) || c == '\r'; }

}  // namespace

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line.substr(0, line.find('#'));
}

std::string_view take_word(std::string_view& line) {
  const auto* begin = std::find_if_not(line.begin(), line.end(), separates);
  const auto* end = std::find_if(begin, line.end(), separates);
  line = {end, line.end()};
  return {begin, end};
}

LibsvmTokens::LibsvmTokens(std::string_view text, std::string file)
    : text_(text), file_(std::move(file)) {}

bool LibsvmTokens::next_row() {
  while (!text_.empty()) {
    row_ = take_line(text_);
    ++line_;
    token_ = take_word(row_);
    if (token_.empty()) continue;
    read_label();
    return true;
  }
  return false;
}

bool LibsvmTokens::next_pair() {
  token_ = take_word(row_);
  if (token_.empty()) return false;
  const std::size_t colon = token_.find(':');
  if (colon == std::string_view::npos)
    refuse(shown(token_) + " is not index:value", "write the label, then pairs like 3:0.5");
  if (token_.substr(0, colon) == "qid")
    refuse(shown(token_) + " makes this a ranking file, which is not read",
           "remove the qid tokens to read it as classes");
  read_pair(colon);
  return true;
}

void LibsvmTokens::read_label() {
  label_ = token_;
  first_pair_ = true;
  if (const auto at = first_not_utf8(label_))
    throw not_utf8({.file = file_, .row = line_, .column = 1}, label_, *at);
  if (label_.find(':') != std::string_view::npos)
    refuse("the row has no label", "write the row's label first");
  if (label_.find(',') != std::string_view::npos)
    refuse(shown(label_) + " is more than one label, which is not read", "give each row one label");
}

void LibsvmTokens::read_pair(std::size_t colon) {
  const char* begin = token_.data();
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(begin, begin + colon, index);
  if (error != std::errc{} || end != begin + colon)
    refuse(fmt::format("the index of {} is not a whole number from 0", shown(token_)),
           "write pairs like 3:0.5");
  const auto value = number(token_.substr(colon + 1));
  if (!value || !std::isfinite(*value))
    refuse(fmt::format("the value of {} is not a finite number in single precision", shown(token_)),
           advice_by_looks(token_.substr(colon + 1), false)
               .value_or("write pairs like 3:0.5; a missing feature is 0 and need not be written"));
  if (!first_pair_ && index <= index_)
    refuse(fmt::format("index {} follows {}: indices must ascend", index, index_),
           "sort the row's pairs by index and leave none twice");
  first_pair_ = false;
  index_ = index;
  value_ = cell_value(*value);
  if (value_ == 0 && is_not_zero(token_.substr(colon + 1))) ++tiny_;
}

void LibsvmTokens::refuse(std::string problem, std::string advice) const {
  throw bad_input({.file = file_, .row = line_}, std::move(problem), std::move(advice));
}

}  // namespace fallline::data
