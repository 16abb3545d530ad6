#pragma once

// Sizes that a file claims: computed so that none wraps around to a small one.

#include <cstdint>
#include <limits>

namespace fallline {

inline constexpr std::uint64_t no_size = std::numeric_limits<std::uint64_t>::max();

/// a·b, or `no_size` where that overflows: it equals no size there is, and fits in no memory.
[[nodiscard]] constexpr std::uint64_t product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  return __builtin_mul_overflow(a, b, &result) ? no_size : result;
}

/// a+b, or `no_size`.
[[nodiscard]] constexpr std::uint64_t sum(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? no_size : result;
}

}  // namespace fallline
