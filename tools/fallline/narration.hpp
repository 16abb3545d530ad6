#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace fallline::tool {

/// Writes on standard error. Everything that is told there goes through here: a reader that went
/// away, a disk that is full or a closed descriptor ends the narration, never the command.
void tell_text(std::string_view text) noexcept;

/// The same, formatted.
template <class... Values>
void tell(fmt::format_string<Values...> format, Values&&... values) {
  tell_text(fmt::format(format, std::forward<Values>(values)...));
}

}  // namespace fallline::tool
