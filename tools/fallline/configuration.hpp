#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace fallline::tool {

/// The options of a command with their values, as TOML that `--config` reads back. What belongs to
/// one call only (output, help, the run directory) is left out; paths are made absolute.
[[nodiscard]] std::string configuration_text(const CLI::App& app);

}  // namespace fallline::tool
