#include <fmt/format.h>

#include <cstdio>
#include <fallline/data/embedded.hpp>
#include <fallline/instruction_set.hpp>
#include <fallline/train/run_directory.hpp>
#include <fallline/train/train.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "configuration.hpp"
#include "console.hpp"
#include "data_arguments.hpp"
#include "narration.hpp"
#include "optimizer_arguments.hpp"
#include "streams.hpp"
#include "training_arguments.hpp"

namespace fallline::tool {
namespace {

struct TrainArguments {
  Common common;
  DataArguments data;
  TrainingArguments training;
  std::string run_directory;
  std::string configuration;
};

void print_part(const char* name, const Evaluation& e) {
  fmt::print(
      "{:<11} loss {:<#9.5g} accuracy {:6.2f} %   majority {:6.2f} %{}\n", name, e.loss,
      100 * e.accuracy(), 100 * e.majority_share(),
      e.has_top_k() ? fmt::format("   top-{} {:6.2f} %", e.k, 100 * e.top_k_accuracy()) : "");
}

void print_text(const TrainResult& r, const std::string& directory) {
  print_part("train", r.train);
  if (r.validation) print_part("validation", *r.validation);
  if (r.test) print_part("test", *r.test);
  fmt::print(
      "speed       {:.0f} examples/s, {:.1f} GFLOP/s: {:.1f} % of the {:.1f} GFLOP/s that "
      "the same threads reached just before\n",
      r.examples_per_second, r.flops / 1e9, r.percent_of_peak(), r.peak_flops / 1e9);
  for (const LayerSummary& layer : r.layers)
    fmt::print("layer       {:<9} {:>6} units   |gradient| {:<#9.3g} first {:<#9.3g}{}\n",
               layer.name, layer.units, layer.gradient_norm, layer.first_gradient_norm,
               layer.dead ? fmt::format(" dead {:.1f} %", 100 * *layer.dead) : "");
  for (const std::string& note : r.notes) fmt::print("note        {}\n", note);
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
      "examples_per_second,percent_of_peak,weights_hash,stop_reason,run_directory,train_majority_"
      "share,"
      "test_majority_share\n");
  const auto figures = [](const std::optional<Evaluation>& e) {
    return e ? fmt::format("{},{}", e->loss, e->accuracy()) : std::string(",");
  };
  fmt::print("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", r.plan.options.optimizer.name,
             r.plan.learning_rate, figures(r.train), figures(r.test), r.epochs, r.steps, r.seconds,
             r.examples_per_second, r.percent_of_peak(), r.model.weights_hash(), name_of(r.stop),
             csv_cell(directory), r.train.majority_share(),
             r.test ? fmt::format("{}", r.test->majority_share()) : "");
}

void print(const TrainResult& result, const Common& common, const std::string& directory,
           const std::vector<std::string>& missing) {
  if (common.format == "json") {
    fmt::print("{}", summary_json(result, directory, missing));
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

/// An error that ends the run says what is left of it.
TrainResult trained(const Parts& parts, const TrainOptions& options, Workers& workers,
                    std::span<Listener* const> listeners, const std::filesystem::path& directory) {
  try {
    return train(parts, options, workers, listeners, &interrupt);
  } catch (...) {
    if (std::filesystem::exists(directory / "model.safetensors"))
      say("the run ended early; what there is was saved in " + directory.string());
    throw;
  }
}

int run(CLI::App& app, TrainArguments& a) {
  if (!a.configuration.empty()) take_configuration(app, a.configuration, true);
  use_instruction_set(a.common);
  const TrainOptions options = options_of(a.training, a.data, a.common);
  std::map<std::string, std::string> understood = spelt_out(options.optimizer);
  understood["model"] = options.model;
  if (options.schedule) understood["schedule"] = options.schedule->text();
  understood["isa"] = name_of(instruction_set());
  RunDirectory directory(
      a.run_directory.empty() ? RunDirectory::fresh("runs") : ClaimedDirectory(a.run_directory),
      configuration_text(app, understood), warn_of_run);
  const Source source = load(a.data, a.common);
  narrate_data(source.train, source.format, a.common.quiet);
  const Parts parts = divide(source, a.data.shares);
  narrate(parts.notes, a.common.quiet);
  warn(parts.warnings);
  Console console(a.common.quiet);
  Listener* const listeners[] = {&directory, &console};
  watch_interrupts();
  Workers workers(a.common.threads);
  const TrainResult result = trained(parts, options, workers, listeners, directory.path());
  const std::string path = directory.path().string();
  const std::vector<std::string> missing = directory.missing();
  const bool printed = deliver({[&] { print(result, a.common, path, missing); }});
  const int status = status_of(result, path);
  return whole(missing, path) && printed ? status : Exit::failure;
}

}  // namespace

void add_train(CLI::App& program, int& status) {
  auto a = std::make_shared<TrainArguments>();
  CLI::App* app = program.add_subcommand("train", "Train a classifier and write a run directory");
  add_path(*app, a->data, "File or directory with the data; without one, the embedded picture set");
  app->add_option("--config", a->configuration,
                  "Options from a run.toml; the command line has the last word");
  add_training(*app, a->data, a->training);
  app->add_option("-o,--run-directory", a->run_directory, "Where the run is written")
      ->default_str("runs/DATE-TIME")
      ->group("Output");
  app->add_flag("--certificate", a->training.options.certificate,
                "Bound how far the objective is above its minimum; needs an l2 penalty")
      ->group("Output");
  add_common(*app, a->common);
  add_instruction_set(*app, a->common);
  app->callback([app, a, &status] { status = run(*app, *a); });
}

}  // namespace fallline::tool
