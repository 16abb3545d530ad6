#pragma once

// JSON that somebody else may have written.

#include <cstddef>
#include <cstdint>
#include <fallline/error.hpp>
#include <nlohmann/json.hpp>
#include <string_view>

#include "checked_size.hpp"

namespace fallline {

/// What a text of JSON may have; nothing that fallline writes comes near it.
struct JsonBounds {
  std::size_t depth = 64;        ///< brackets in brackets: what walks over a value goes down as far
  std::uint64_t keys = no_size;  ///< of one object
};

/// Of values that keep their order: such an object looks at all its keys for each.
inline constexpr JsonBounds ordered_bounds{.depth = 64, .keys = 1000};

/// Looks at the brackets, commas and quotes of a text that claims to be JSON, before a value is
/// made of it.
/// @throws Error(bad_input) at `where` and its byte, where it is beyond the bounds;
///         Error(not_enough_memory) where the value would take more than `memory_limit`
void require_bounded_json(std::string_view text, const Where& where, const JsonBounds& bounds,
                          std::uint64_t memory_limit);

/// The value of a text; a discarded one, which is of no type, where it is no JSON or not UTF-8.
/// @throws what `require_bounded_json` does
template <class J>
[[nodiscard]] J parse_json(std::string_view text, const Where& where, const JsonBounds& bounds = {},
                           std::uint64_t memory_limit = 0) {
  require_bounded_json(text, where, bounds, memory_limit);
  return J::parse(text, nullptr, false);
}

}  // namespace fallline
