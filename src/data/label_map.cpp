#include "data/label_map.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace fallline::data {
namespace {

std::optional<std::int64_t> integer(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class Label, class Name>
LabelMap numbered(std::span<const Label> labels, Name name) {
  std::vector<Label> distinct(labels.begin(), labels.end());
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  LabelMap map;
  map.labels.reserve(labels.size());
  for (const Label& label : labels)
    map.labels.push_back(
        static_cast<std::int32_t>(std::ranges::lower_bound(distinct, label) - distinct.begin()));
  for (const Label& label : distinct) map.class_names.push_back(name(label));
  return map;
}

}  // namespace

LabelMap map_labels(std::span<const std::int64_t> labels) {
  return numbered(labels, [](std::int64_t label) { return std::to_string(label); });
}

LabelMap map_labels(std::span<const std::string> labels) {
  std::vector<std::int64_t> integers;
  integers.reserve(labels.size());
  for (const std::string& label : labels) {
    const auto value = integer(label);
    if (!value) return numbered(labels, [](const std::string& text) { return text; });
    integers.push_back(*value);
  }
  return map_labels(std::span<const std::int64_t>(integers));
}

}  // namespace fallline::data
