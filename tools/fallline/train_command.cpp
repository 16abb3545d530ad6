#include <fmt/format.h>

#include <cstdio>
#include <fallline/data/embedded.hpp>
#include <fallline/instruction_set.hpp>
#include <fallline/schedule/text.hpp>
#include <fallline/train/run_directory.hpp>
#include <fallline/train/train.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "batch_size.hpp"
#include "command.hpp"
#include "configuration.hpp"
#include "console.hpp"
#include "data_arguments.hpp"
#include "optimizer_arguments.hpp"

namespace fallline::tool {
namespace {

struct Arguments {
  Common common;
  DataArguments data;
  TrainOptions options;
  std::string loss = "softmax";
  std::string preprocessing = "auto";
  std::string sampling = "shuffle";
  std::string batch_size = "auto";
  std::string schedule = "constant";
  std::string arithmetic = "auto";
  std::string run_directory;
  std::string configuration;
};

void add_objective(CLI::App& app, Arguments& a) {
  app.add_option("--loss", a.loss, "softmax, hinge or squared-hinge")->group("Objective");
  app.add_option("--delta", a.options.loss.delta, "Margin of the hinges")->group("Objective");
  app.add_option("--l2", a.options.penalty.l2, "Penalty l2 * |W|^2 / 2 (mind the half)")
      ->group("Objective");
  app.add_option("--l1", a.options.penalty.l1, "Penalty l1 * |W|_1")->group("Objective");
  app.add_option("--preprocess", a.preprocessing,
                 "none, mean, global, channel, feature; auto: global for pictures, else feature")
      ->group("Objective");
}

void add_descent(CLI::App& app, Arguments& a) {
  add_optimizer(app, a.options.optimizer);
  TrainOptions& o = a.options;
  app.add_option("--learning-rate,--lr", o.learning_rate,
                 "Step size; 0: the optimizer's own, or from the curvature of the objective")
      ->group("Descent");
  app.add_option("--schedule", a.schedule,
                 "The learning rate over the run, e.g. cosine; see 'fallline schedules'")
      ->group("Descent");
  app.add_option("-b,--batch-size", a.batch_size,
                 "Examples a step: a number, full, or auto (full up to 2000 examples, else 256)")
      ->group("Descent");
  app.add_option("--epochs", o.epochs, "Passes over the data; 0: 15, or more for few steps")
      ->check(CLI::NonNegativeNumber)
      ->group("Descent");
  app.add_option("--sampling", a.sampling, "shuffle, sequential or replacement")->group("Descent");
  app.add_flag("--drop-last", o.drop_last, "Leave out a short last batch")->group("Descent");
  app.add_option("--patience", o.patience,
                 "Stop after so many epochs without a better one; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->group("Descent");
  app.add_option(
         "--arithmetic", a.arithmetic,
         "Of the steps: float, integer (16-bit fixed point, for features that are bytes), or "
         "auto (integer for bytes in batches)")
      ->group("Descent");
  app.add_option("--initial-scale", o.initial_scale, "W starts as this times N(0,1)")
      ->group("Descent");
}

TrainOptions options_of(const Arguments& a) {
  TrainOptions options = a.options;
  options.loss.kind = loss_kind(a.loss);
  options.preprocessing = preprocessing_kind(a.preprocessing);
  options.sampling = sampling_named(a.sampling);
  options.batch_size = batch_size_named(a.batch_size);
  options.schedule = parse_schedule(a.schedule);
  options.arithmetic = arithmetic_named(a.arithmetic);
  options.seed = a.data.shares.seed;
  options.memory_limit = a.common.memory;
  options.validate();
  return options;
}

void print_part(const char* name, const Evaluation& e) {
  fmt::print("{:<11} loss {:<#9.5g} accuracy {:6.2f} %   top-{} {:6.2f} %\n", name, e.loss,
             100 * e.accuracy(), e.k, 100 * e.top_k_accuracy());
}

void print_text(const TrainResult& r, const std::string& directory) {
  print_part("train", r.train);
  if (r.validation) print_part("validation", *r.validation);
  if (r.test) print_part("test", *r.test);
  fmt::print(
      "speed       {:.0f} examples/s, {:.1f} GFLOP/s: {:.1f} % of the {:.1f} GFLOP/s that "
      "the same threads reached just before\n",
      r.examples_per_second, r.flops / 1e9, r.percent_of_peak(), r.peak_flops / 1e9);
  if (r.certificate) fmt::print("certificate {}\n", certificate_line(*r.certificate));
  fmt::print("weights     hash {}{}\n", r.model.weights_hash(),
             r.best_epoch == 0 ? "" : fmt::format(", of epoch {}, the best", r.best_epoch));
  fmt::print("stopped     {} after {} steps, {} epochs, {:.2f} s\n", name_of(r.stop), r.steps,
             r.epochs, r.seconds);
  fmt::print("run         {}\n", directory);
}

void print_csv(const TrainResult& r, const std::string& directory) {
  fmt::print(
      "optimizer,learning_rate,train_loss,train_accuracy,test_loss,test_accuracy,epochs,steps,"
      "seconds,"
      "examples_per_second,percent_of_peak,weights_hash,stop_reason,run_directory\n");
  const auto figures = [](const std::optional<Evaluation>& e) {
    return e ? fmt::format("{},{}", e->loss, e->accuracy()) : std::string(",");
  };
  fmt::print("{},{},{},{},{},{},{},{},{},{},{},\"{}\"\n", r.plan.options.optimizer.name,
             r.plan.learning_rate, figures(r.train), figures(r.test), r.epochs, r.steps, r.seconds,
             r.examples_per_second, r.percent_of_peak(), r.model.weights_hash(), name_of(r.stop),
             directory);
}

void print(const TrainResult& result, const Common& common, const std::string& directory) {
  if (common.format == "json") {
    fmt::print("{}", summary_json(result, directory));
  } else if (common.format == "csv") {
    print_csv(result, directory);
  } else {
    print_text(result, directory);
  }
}

int status_of(const TrainResult& result, const std::string& directory) {
  if (result.stop == StopReason::diverged) {
    say(result.message);
    return Exit::diverged;
  }
  if (result.stop == StopReason::interrupted) {
    say(fmt::format("interrupted after step {}; what there is was saved in {}", result.steps,
                    directory));
    return Exit::interrupted;
  }
  return Exit::success;
}

int run(CLI::App& app, Arguments& a) {
  if (!a.configuration.empty()) take_configuration(app, a.configuration, true);
  use_instruction_set(a.common);
  const TrainOptions options = options_of(a);
  std::map<std::string, std::string> understood = spelt_out(options.optimizer);
  understood["schedule"] = options.schedule.text();
  understood["isa"] = name_of(instruction_set());
  RunDirectory directory(a.run_directory.empty() ? RunDirectory::fresh("runs")
                                                 : std::filesystem::path(a.run_directory),
                         configuration_text(app, understood));
  const Source source = load(a.data, a.common);
  narrate_data(source.train, source.format, a.common.quiet);
  const Parts parts = divide(source, a.data.shares);
  narrate(parts.notes, a.common.quiet);
  Console console(a.common.quiet);
  Listener* const listeners[] = {&directory, &console};
  watch_interrupts();
  Workers workers(a.common.threads);
  const TrainResult result = train(parts, options, workers, listeners, &interrupt);
  print(result, a.common, directory.path().string());
  return status_of(result, directory.path().string());
}

}  // namespace

void add_train(CLI::App& program, int& status) {
  auto a = std::make_shared<Arguments>();
  CLI::App* app = program.add_subcommand("train", "Train a classifier and write a run directory");
  add_path(*app, a->data, "File or directory with the data; without one, the embedded picture set");
  app->add_option("--config", a->configuration,
                  "Options from a run.toml; the command line has the last word");
  add_reading(*app, a->data);
  add_dividing(*app, a->data);
  add_objective(*app, *a);
  add_descent(*app, *a);
  app->add_option("-o,--run-directory", a->run_directory, "Where the run is written")
      ->default_str("runs/DATE-TIME")
      ->group("Output");
  app->add_flag("--certificate", a->options.certificate,
                "Bound how far the objective is above its minimum; needs an l2 penalty")
      ->group("Output");
  add_common(*app, a->common);
  add_instruction_set(*app, a->common);
  app->callback([app, a, &status] { status = run(*app, *a); });
}

}  // namespace fallline::tool
