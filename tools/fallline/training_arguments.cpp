#include "training_arguments.hpp"

#include <fallline/schedule/text.hpp>

#include "batch_size.hpp"
#include "checks.hpp"
#include "model_text.hpp"
#include "objective_arguments.hpp"
#include "optimizer_arguments.hpp"

namespace fallline::tool {

void add_objective(CLI::App& app, TrainingArguments& a) {
  add_model(app, a.options.model);
  add_objective(app, a.options.loss, a.options.penalty, a.loss, a.preprocessing);
}

void add_rate(CLI::App& app, TrainingArguments& a) {
  app.add_option("--learning-rate,--lr", a.options.learning_rate,
                 "Step size; 0: from the curvature of the objective, or the size of the features")
      ->group("Descent");
  app.add_option("--schedule", a.schedule,
                 "The learning rate over the run, e.g. cosine; see 'fallline schedules'; auto: "
                 "constant for a linear model, cosine for a network")
      ->group("Descent");
}

void add_batch_size(CLI::App& app, TrainingArguments& a) {
  app.add_option("-b,--batch-size", a.batch_size,
                 "Examples a step: a number, full, or auto (full up to 2000 examples, else 256)")
      ->group("Descent");
}

void add_epochs(CLI::App& app, TrainingArguments& a) {
  app.add_option("--epochs", a.options.epochs, "Passes over the data; 0: 15, or more for few steps")
      ->check(not_negative)
      ->group("Descent");
}

void add_steps(CLI::App& app, TrainingArguments& a) {
  app.add_option("--sampling", a.sampling, "shuffle, sequential or replacement")->group("Descent");
  app.add_flag("--drop-last", a.options.drop_last, "Leave out a short last batch")
      ->group("Descent");
  app.add_option(
         "--arithmetic", a.arithmetic,
         "Of the steps: float, integer (16-bit fixed point, for features that are bytes), or "
         "auto (integer for bytes in batches)")
      ->group("Descent");
  app.add_option("--initial-scale", a.options.initial_scale, "W starts as this times N(0,1)")
      ->group("Descent");
}

void add_training(CLI::App& app, DataArguments& data, TrainingArguments& a) {
  add_reading(app, data);
  add_dividing(app, data);
  add_objective(app, a);
  add_optimizer(app, a.options.optimizer);
  add_rate(app, a);
  add_batch_size(app, a);
  add_epochs(app, a);
  app.add_option("--patience", a.options.patience,
                 "Stop after so many epochs without a better one; 0: never")
      ->check(not_negative)
      ->group("Descent");
  add_steps(app, a);
}

TrainOptions options_of(const TrainingArguments& a, const DataArguments& data,
                        const Common& common) {
  TrainOptions options = a.options;
  options.model = model_text(a.options.model);
  options.loss.kind = loss_kind(a.loss);
  options.preprocessing = preprocessing_kind(a.preprocessing);
  options.sampling = sampling_named(a.sampling);
  options.batch_size = batch_size_named(a.batch_size);
  if (a.schedule != "auto") options.schedule = parse_schedule(a.schedule);
  options.arithmetic = arithmetic_named(a.arithmetic);
  options.seed = data.shares.seed;
  options.memory_limit = common.memory;
  options.validate();
  return options;
}

}  // namespace fallline::tool
