#pragma once

#include <CLI/CLI.hpp>
#include <fallline/data/parts.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/train/options.hpp>
#include <optional>
#include <string>
#include <vector>

#include "command.hpp"
#include "data_arguments.hpp"
#include "training_arguments.hpp"

namespace fallline::tool {

/// What every sweep is asked for.
struct SweepArguments {
  Common common;
  DataArguments data;
  TrainingArguments training;
};

/// Options of the data and the objective; of output and machine.
void add_sweep_data(CLI::App& app, SweepArguments& arguments);
void add_sweep_output(CLI::App& app, SweepArguments& arguments);

/// A model to start from.
struct StartArguments {
  std::string path;
  std::vector<CLI::Option*> of_the_model;  ///< options that say what the model says
};

/// `--start`; the options of the objective were added before.
CLI::Option* add_start(CLI::App& app, StartArguments& arguments);
/// The model, where one is named. @throws Error(usage) where the objective is given as well.
[[nodiscard]] std::optional<Classifier> model_of(const StartArguments& arguments,
                                                 const Common& common);

/// Reads and divides the data, and narrates them.
[[nodiscard]] Parts parts_of(const SweepArguments& arguments, const Schema* learned = nullptr);

/// `--plot FILE.svg`.
CLI::Option* add_plot(CLI::App& app, std::string& file, const std::string& help);

/// What a sweep ends with, whose results were `delivered` or not.
[[nodiscard]] int status_of_sweep(bool interrupted, bool delivered);

/// Each of the sweeps as a command below `sweep`.
void add_sweep_rate(CLI::App& sweep, int& status);
void add_sweep_batch_size(CLI::App& sweep, int& status);
void add_sweep_gradient_noise(CLI::App& sweep, int& status);
void add_sweep_train(CLI::App& sweep, int& status);

}  // namespace fallline::tool
