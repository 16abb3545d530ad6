#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace fallline::tool {

/// A command line in which options have several values, taken apart into command lines in which
/// each has one.
struct Combinations {
  std::vector<std::string> names;                ///< of the options with several values
  std::vector<std::vector<std::string>> values;  ///< of these, a combination each
  std::vector<std::vector<std::string>> words;   ///< the command line of each combination
};

/// Every combination of the comma-separated values in `words`; that of the last option changes
/// first. What an option takes is asked of `app`. Of a schedule, `setting=value` belongs to what
/// comes before it. Options that say where data are and how they are read have one value.
/// @throws Error(usage) for a value that is empty
[[nodiscard]] Combinations combinations_of(const CLI::App& app,
                                           const std::vector<std::string>& words);

}  // namespace fallline::tool
