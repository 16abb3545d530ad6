#include "data/label_collector.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <fallline/error.hpp>
#include <utility>

namespace fallline::data {
namespace {

template <class Number>
bool is_all(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

void LabelCollector::add(std::string_view label) {
  if (!labels_.empty() && distinct_[std::size_t(labels_.back())] == label) {
    labels_.push_back(labels_.back());
    return;
  }
  auto known = number_.find(label);
  if (known == number_.end()) {
    if (distinct_.size() == most_classes)
      throw bad_input({.file = file_},
                      fmt::format("has more than {} different labels", most_classes),
                      "is this the right column? The labels of a classifier are few");
    known = number_.emplace(label, static_cast<std::int32_t>(distinct_.size())).first;
    distinct_.emplace_back(label);
  }
  labels_.push_back(known->second);
}

LabelMap LabelCollector::finish() && {
  LabelMap map = map_labels(std::span<const std::string>(distinct_));
  for (std::int32_t& label : labels_) label = map.labels[static_cast<std::size_t>(label)];
  map.labels = std::move(labels_);
  return map;
}

std::string class_name(std::string_view label) {
  const std::string_view digits = label.substr(label.starts_with('+') ? 1 : 0);
  std::int64_t integer = 0;
  if (is_all(digits, integer)) return std::to_string(integer);
  double real = 0;
  if (!is_all(digits, real)) return std::string(label);
  constexpr double largest_exact = 9007199254740992;  // 2^53
  if (digits.find_first_not_of("0123456789-") == std::string_view::npos) return std::string(label);
  if (!(std::abs(real) <= largest_exact) || std::trunc(real) != real) return {};
  return std::to_string(static_cast<std::int64_t>(real));
}

}  // namespace fallline::data
