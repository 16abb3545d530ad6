#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace fallline::tool {

/// Help in which an option stands with its default as `--test-share FLOAT=0.2`, whatever form the
/// parser's version has for that (2.1: this one, 2.4: `FLOAT [0.2]`).
class HelpFormat : public CLI::Formatter {
 public:
  [[nodiscard]] std::string make_option_opts(const CLI::Option* option) const override;
};

}  // namespace fallline::tool
