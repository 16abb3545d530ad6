#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fallline::data {

/// Labels of any kind as classes 0..C-1 with their names.
struct LabelMap {
  std::vector<std::int32_t> labels;
  std::vector<std::string> class_names;
};

/// Numbers the distinct labels in ascending order: numerically where every one is an integer,
/// else byte by byte. Integers keep their shortest form as a name ("+1" and "1" are one class).
[[nodiscard]] LabelMap map_labels(std::span<const std::string> labels);
[[nodiscard]] LabelMap map_labels(std::span<const std::int64_t> labels);

}  // namespace fallline::data
