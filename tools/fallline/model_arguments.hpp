#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "data_arguments.hpp"

namespace fallline::tool {

/// A trained model and data to use it on: what `evaluate` and `predict` take.
struct ModelArguments {
  std::string model;
  DataArguments data;
  std::string part;  ///< train, validation, test or all; empty: test where there is one, else all
};

void add_model_and_data(CLI::App& app, ModelArguments& arguments);

/// The examples to use, with the part they are. Where no data are named and the model is a run
/// directory, they are the run's own, read and divided as its run.toml says.
struct Chosen {
  Dataset data;
  std::string part;
};
/// @param learned  what the model learned of its data, by which these are read
[[nodiscard]] Chosen choose(CLI::App& app, ModelArguments& arguments, const Schema& learned,
                            const Common& common);

}  // namespace fallline::tool
