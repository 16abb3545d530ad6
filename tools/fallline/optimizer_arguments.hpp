#pragma once

#include <CLI/CLI.hpp>
#include <fallline/optim/optimizer.hpp>
#include <map>
#include <string>

namespace fallline::tool {

/// `--optimizer`, `--preset`, and an option for every setting that some optimizer has.
void add_optimizer(CLI::App& app, OptimizerOptions& options);

/// The settings in force by the names of their options, for the run's configuration.
[[nodiscard]] std::map<std::string, std::string> spelt_out(const OptimizerOptions& options);

}  // namespace fallline::tool
