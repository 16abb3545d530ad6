#pragma once

#include <cstdint>
#include <string_view>

namespace fallline {

/// How a derivative is made of differences (difference.hpp).
enum class Scheme : std::uint8_t { forward, central, ridders };

[[nodiscard]] std::string_view name_of(Scheme scheme);
/// @throws Error(usage) that lists the names.
[[nodiscard]] Scheme scheme_named(std::string_view name);

}  // namespace fallline
