#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "data/label_map.hpp"

namespace fallline::data {

/// Gathers the labels of a text file, each distinct one kept once.
class LabelCollector {
 public:
  static constexpr std::size_t most_classes = 1 << 20;

  explicit LabelCollector(std::string file) : file_(std::move(file)) {}

  /// @throws Error(bad_input) where there are more than `most_classes`.
  void add(std::string_view label);
  [[nodiscard]] LabelMap finish() &&;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::string file_;
  std::vector<std::int32_t> labels_;   ///< indices into distinct_
  std::vector<std::string> distinct_;  ///< in order of appearance
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> number_;
};

/// A label as a class is named: a whole number in its shortest form ("1.0", "1e0" and "+1" are
/// "1"), any other text as it stands.
/// @returns empty where the label is a number, but no whole one, or nothing at all: no class.
[[nodiscard]] std::string class_name(std::string_view label);

}  // namespace fallline::data
