#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>

namespace fallline::tool {

/// The options of a command with their values, as TOML that `--config` reads back. What belongs to
/// one call only (output, help, the run directory) is left out; paths are made
/// absolute. `understood` has the options to be written otherwise than as they were given.
[[nodiscard]] std::string configuration_text(const CLI::App& app,
                                             const std::map<std::string, std::string>& understood);

/// Gives every option that the command line left out the value it has in `file`. Keys that are no
/// options are an error where `strict`, else passed over; options of the machine (threads, memory)
/// are taken only where `strict`.
/// @throws Error(bad_input) naming the file and the line
void take_configuration(CLI::App& app, const std::string& file, bool strict);

}  // namespace fallline::tool
