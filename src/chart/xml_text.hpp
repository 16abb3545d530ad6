#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fallline::chart {

/// `text` for XML: at most `longest` characters, the special ones escaped, and what XML cannot hold
/// (control characters, bytes that are no UTF-8) replaced by U+FFFD.
[[nodiscard]] std::string xml_text(std::string_view text, std::size_t longest);

}  // namespace fallline::chart
