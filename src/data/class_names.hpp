#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/label_map.hpp"

namespace fallline::data {

/// The names in a text file, one a line.
/// @throws Error(bad_input) where there are none, or one stands twice.
[[nodiscard]] std::vector<std::string> read_class_names(const std::filesystem::path& path,
                                                        std::uint64_t memory_limit);

/// Labels that number `names` from 0, under those names.
/// @param place  the file with the labels, for messages
/// @throws Error(bad_input) where a label is no such number.
[[nodiscard]] LabelMap with_names(LabelMap numbers, const std::vector<std::string>& names,
                                  const std::string& place);

}  // namespace fallline::data
