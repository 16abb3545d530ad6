#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fallline/data/warnings.hpp>
#include <fallline/error.hpp>
#include <fallline/tune/training_sweep.hpp>
#include <memory>
#include <string>
#include <vector>

#include "combinations.hpp"
#include "console.hpp"
#include "narration.hpp"
#include "numbers.hpp"
#include "spelling.hpp"
#include "streams.hpp"
#include "sweep_command.hpp"

namespace fallline::tool {
namespace {

struct TrainingSweepArguments {
  Common common;
  std::size_t seeds = 1;
};

/// A parser of train's own options.
struct TrainParser {
  TrainParser() {
    app.option_defaults()->always_capture_default();
    add_path(app, data, "File or directory with the data");
    add_training(app, data, training);
    refuse_what_does_not_fit(app);
  }
  void parse(std::vector<std::string> words) {
    std::ranges::reverse(words);  // as the parser wants them
    try {
      app.parse(std::move(words));
    } catch (const CLI::ParseError&) {
      if (const auto unknown = unknown_option(app, "fallline train"))
        throw fallline::Error(*unknown);
      throw;
    }
  }

  CLI::App app;
  DataArguments data;
  TrainingArguments training;
};

struct Asked {
  DataArguments data;  ///< of the first; all have the same source
  std::vector<std::string> names;
  std::vector<tune::TrainingCase> cases;
};

Asked asked_for(const std::vector<std::string>& words, const Common& common) {
  const Combinations all = combinations_of(TrainParser().app, words);
  Asked asked{.data = {}, .names = all.names, .cases = {}};
  for (std::size_t i = 0; i < all.words.size(); ++i) {
    TrainParser parser;
    parser.parse(all.words[i]);
    if (i == 0) asked.data = parser.data;
    asked.cases.push_back({.values = all.values[i],
                           .training = options_of(parser.training, parser.data, common),
                           .shares = parser.data.shares});
  }
  return asked;
}

std::string figure(const std::optional<tune::Spread>& s, std::size_t runs, double unit) {
  if (!s) return "";
  return runs < 2 ? fmt::format("{:#.5g}", unit * s->mean)
                  : fmt::format("{:#.5g} ± {:.2g}", unit * s->mean, unit * s->deviation);
}

void print_text(const tune::TrainingSweep& s, const std::vector<std::string>& names) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < names.size(); ++i) {
    widths.push_back(names[i].size());
    for (const tune::CaseFigures& f : s.cases) widths[i] = std::max(widths[i], f.values[i].size());
    fmt::print("{:<{}}  ", names[i], widths[i]);
  }
  constexpr double percent = 100;
  fmt::print("{:>17} {:>17} {:>17} {:>17} {:>9}\n", "train loss", "val loss", "val accuracy %",
             "test accuracy %", "seconds");
  for (std::size_t c = 0; c < s.cases.size(); ++c) {
    const tune::CaseFigures& f = s.cases[c];
    for (std::size_t i = 0; i < names.size(); ++i) fmt::print("{:<{}}  ", f.values[i], widths[i]);
    fmt::print("{:>17} {:>17} {:>17} {:>17} {:>9.3f}{}{}\n", figure(f.train_loss, f.runs, 1),
               figure(f.validation_loss, f.runs, 1), figure(f.validation_accuracy, f.runs, percent),
               figure(f.test_accuracy, f.runs, percent), f.seconds.mean,
               f.diverged > 0 ? fmt::format("  {} of {} diverged", f.diverged, f.runs) : "",
               s.best == c ? "  best" : "");
  }
}

void print_csv(const tune::TrainingSweep& s, const std::vector<std::string>& names) {
  for (const std::string& name : names) fmt::print("{},", name);
  fmt::print("runs,diverged,learning_rate");
  for (const char* name : {"train_loss", "train_accuracy", "validation_loss", "validation_accuracy",
                           "test_loss", "test_accuracy", "seconds"})
    fmt::print(",{0},{0}_deviation", name);
  fmt::print("\n");
  for (const tune::CaseFigures& f : s.cases) {
    for (const std::string& value : f.values) fmt::print("{},", csv_cell(value));
    fmt::print("{},{},{}", f.runs, f.diverged, f.learning_rate);
    const std::optional<tune::Spread> figures[] = {
        f.train_loss, f.train_accuracy, f.validation_loss, f.validation_accuracy,
        f.test_loss,  f.test_accuracy,  f.seconds};
    for (const auto& one : figures)
      fmt::print(",{}", one ? fmt::format("{},{}", one->mean, one->deviation) : ",");
    fmt::print("\n");
  }
}

int run(const CLI::App& app, const TrainingSweepArguments& a) {
  use_instruction_set(a.common);
  require_output(a.common, {"sweep-train"});
  const Asked asked = asked_for(app.remaining(), a.common);
  const Source source = load(asked.data, a.common);
  narrate_data(source.train, source.format, a.common.quiet);
  narrate(source.notes, a.common.quiet);
  warn(warnings_of(source));
  watch_interrupts();
  Workers workers(a.common.threads);
  const tune::TrainingSweep sweep = tune::sweep_training(
      source, asked.cases, a.seeds, workers,
      [&](const tune::CaseFigures& f) {
        if (!a.common.quiet)
          tell("trained  {}: loss {:.5g}\n", fmt::join(f.values, ", "), f.train_loss.mean);
      },
      &interrupt);
  const std::string json = tune::json(sweep, asked.names);
  const bool all = deliver({[&] { write_output(a.common, json); },
                            [&] {
                              if (a.common.format == "json") fmt::print("{}", json);
                              if (a.common.format == "csv") print_csv(sweep, asked.names);
                              if (a.common.format == "text") print_text(sweep, asked.names);
                            }});
  return status_of_sweep(sweep.interrupted, all);
}

}  // namespace

void add_sweep_train(CLI::App& sweep, int& status) {
  auto a = std::make_shared<TrainingSweepArguments>();
  CLI::App* app = sweep.add_subcommand(
      "train",
      "Train with every combination of comma-separated values: takes DATA and all options of "
      "'fallline train' but --config and --run-directory, as --lr 0.001,0.01 -b 64,256");
  app->allow_extras();
  app->add_option("--seeds", a->seeds,
                  "Runs of each combination, with --seed and the seeds after it")
      ->group("Sweep");
  add_common(*app, a->common);
  add_output(*app, a->common);
  add_instruction_set(*app, a->common);
  app->callback([app, a, &status] { status = run(*app, *a); });
}

}  // namespace fallline::tool
