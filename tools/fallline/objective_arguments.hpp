#pragma once

#include <CLI/CLI.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <string>

namespace fallline::tool {

/// `--loss`, `--delta`, `--l2`, `--l1` and `--preprocess`; the names go to `loss_name` and
/// `preprocessing`.
void add_objective(CLI::App& app, Loss& loss, Penalty& penalty, std::string& loss_name,
                   std::string& preprocessing);

}  // namespace fallline::tool
