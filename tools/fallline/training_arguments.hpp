#pragma once

#include <CLI/CLI.hpp>
#include <fallline/train/options.hpp>
#include <string>

#include "command.hpp"
#include "data_arguments.hpp"

namespace fallline::tool {

/// The options that say what is trained and how, for the commands that train.
struct TrainingArguments {
  TrainOptions options;
  std::string loss = "softmax";
  std::string preprocessing = "auto";
  std::string sampling = "shuffle";
  std::string batch_size = "auto";
  std::string schedule = "auto";
  std::string arithmetic = "auto";
};

void add_objective(CLI::App& app, TrainingArguments& arguments);
/// `--learning-rate` and `--schedule`.
void add_rate(CLI::App& app, TrainingArguments& arguments);
void add_batch_size(CLI::App& app, TrainingArguments& arguments);
void add_epochs(CLI::App& app, TrainingArguments& arguments);
/// How batches are drawn, what they are computed in, and where W starts.
void add_steps(CLI::App& app, TrainingArguments& arguments);

/// All options of a training run: its data, its objective, its descent.
void add_training(CLI::App& app, DataArguments& data, TrainingArguments& arguments);

/// What they say. @throws Error(usage)
[[nodiscard]] TrainOptions options_of(const TrainingArguments& arguments, const DataArguments& data,
                                      const Common& common);

}  // namespace fallline::tool
