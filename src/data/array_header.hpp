#pragma once

#include <span>
#include <string>
#include <string_view>

#include "data/array.hpp"

namespace fallline::data {

[[nodiscard]] bool is_idx(std::span<const std::byte> head);
[[nodiscard]] bool is_npy(std::span<const std::byte> head);

/// A whole file of the format as an array.
/// @param file  for messages
/// @throws Error(bad_input) where the header is wrong, or promises other than what follows it.
[[nodiscard]] Array parse_idx(const Contents& contents, std::string file);
[[nodiscard]] Array parse_npy(const Contents& contents, std::string file);

struct ArrayFormat {
  std::string_view name;
  bool (*begins)(std::span<const std::byte>);
  Array (*parse)(const Contents&, std::string);
};

inline constexpr ArrayFormat idx_format{"idx", is_idx, parse_idx};
inline constexpr ArrayFormat npy_format{"npy", is_npy, parse_npy};

}  // namespace fallline::data
