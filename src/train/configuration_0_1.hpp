#pragma once

#include <fallline/train/configuration.hpp>
#include <string>
#include <string_view>

namespace fallline {

/// Whether version 0.1 wrote a configuration, as its first line says.
[[nodiscard]] bool is_configuration_0_1(std::string_view text);

/// Reads it. @throws Error(bad_input) with the line that version 0.1 would not have written
[[nodiscard]] Configuration parse_configuration_0_1(std::string_view text, const std::string& file);

}  // namespace fallline
