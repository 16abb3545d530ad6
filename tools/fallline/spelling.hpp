#pragma once

#include <CLI/CLI.hpp>
#include <fallline/error.hpp>
#include <optional>
#include <string>
#include <vector>

namespace fallline::tool {

/// A check that a value is one of `choices`; of any other it says which is near.
[[nodiscard]] CLI::Validator one_of(std::vector<std::string> choices);

/// Goes through the commands at the head of the words, and names a word that is none; the parser
/// would only miss one. @throws Error(usage)
void require_command(const CLI::App& program, int argc, char** argv);

/// The command that the words led the parser to, with all names before its own: "fallline data
/// info".
struct ParsedCommand {
  const CLI::App& app;
  std::string name;
};
[[nodiscard]] ParsedCommand parsed_command(const CLI::App& program);

/// What there is to say of the first word left over in `app` that looks like an option, beside the
/// nearest that it has; nothing where there is no such word.
/// @param command  what a message calls `app`
[[nodiscard]] std::optional<Error> unknown_option(const CLI::App& app, const std::string& command);

}  // namespace fallline::tool
