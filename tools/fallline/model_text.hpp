#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace fallline::tool {

/// `--model`.
void add_model(CLI::App& app, std::string& model);

/// The model's text where `asked` is a TOML file with a layer a line, `act1 = "relu of layer1"`;
/// else `asked` itself.
/// @throws Error(bad_input)
[[nodiscard]] std::string model_text(const std::string& asked);

}  // namespace fallline::tool
