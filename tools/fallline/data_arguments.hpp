#pragma once

#include <CLI/CLI.hpp>
#include <fallline/data/open.hpp>
#include <fallline/data/parts.hpp>
#include <string>

#include "command.hpp"

namespace fallline::tool {

/// The options that say which data, how to read and how to divide them.
struct DataArguments {
  std::string path;
  std::string test_path;
  std::string format;
  std::string label_column;
  bool header = false;
  bool no_header = false;
  int index_base = -1;
  std::size_t features = 0;
  std::string labels;
  Shares shares;
};

/// The positional `data`, which is also `--data`.
CLI::Option* add_path(CLI::App& app, DataArguments& arguments, const std::string& help);

void add_reading(CLI::App& app, DataArguments& arguments);
void add_dividing(CLI::App& app, DataArguments& arguments);

/// Opens what the arguments name, or makes the embedded set where they name nothing.
/// @param learned  of the model that is to see the data; null: none
[[nodiscard]] Source load(const DataArguments& arguments, const Common& common,
                          const Schema* learned = nullptr);

}  // namespace fallline::tool
