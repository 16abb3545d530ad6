#include <fmt/format.h>

#include <fallline/error.hpp>
#include <fallline/landscape/path_directions.hpp>
#include <fallline/landscape/slice.hpp>
#include <fallline/landscape/three_points.hpp>
#include <fallline/model/model_file.hpp>
#include <fallline/train/configuration.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "checks.hpp"
#include "configuration.hpp"
#include "console.hpp"
#include "landscape_arguments.hpp"
#include "landscape_output.hpp"
#include "model_arguments.hpp"
#include "progress.hpp"
#include "spelling.hpp"
#include "streams.hpp"
#include "sweep_command.hpp"
#include "training_arguments.hpp"

namespace fallline::tool {
namespace {

struct LandscapeArguments {
  Common common;
  ModelArguments model;
  std::string worked_case;
  GridArguments grid;
  ChoiceArguments choice;
  std::uint64_t seed = 1;  ///< of directions and draws; --seed divides the data
  std::string method = "auto";
  bool no_accuracy = false;
  bool no_breakpoints = false;
  bool steepest = false;
  std::string at;
  std::string rates;
  std::size_t check = landscape::SliceOptions{}.check;
  std::string plot;
};

/// The model and the examples, and what they are called.
struct Ground {
  Classifier model;
  Dataset data;
  landscape::Subject subject;
};

Ground worked_case(LandscapeArguments& a) {
  if (!a.model.model.empty())
    throw usage_error("--example brings its own model and data", "leave " + a.model.model + " out");
  landscape::WorkedCase worked = landscape::three_points();
  if (a.grid.directions.empty()) a.grid.directions = "axis:0";
  if (a.grid.range.empty()) a.grid.range = "3";
  return {.model = std::move(worked.model),
          .data = std::move(worked.data),
          .subject = {.run = a.worked_case, .part = "all"}};
}

Ground trained_model(CLI::App& app, LandscapeArguments& a) {
  if (a.model.model.empty())
    throw usage_error(
        "no model is named",
        "name a run directory or a model.safetensors, or give --example three-points");
  // The picture of a descent is that of what was descended on.
  if (a.model.part.empty()) a.model.part = a.model.data.path.empty() ? "train" : "all";
  Classifier model = load_model(a.model.model, a.common.memory);
  Chosen chosen = choose(app, a.model, model.schema, a.common);
  return {.model = std::move(model),
          .data = std::move(chosen.data),
          .subject = {.run = a.model.model, .part = chosen.part}};
}

landscape::PlaneMethod method_of(const std::string& name) {
  if (name == "auto") return landscape::PlaneMethod::automatic;
  return name == "linear" ? landscape::PlaneMethod::scores : landscape::PlaneMethod::direct;
}

landscape::SliceOptions options_of(const LandscapeArguments& a) {
  landscape::SliceOptions options{.axes = axes_of(a.grid),
                                  .method = method_of(a.method),
                                  .accuracy = !a.no_accuracy,
                                  .breakpoints = !a.no_breakpoints,
                                  .steepest = a.steepest || !a.at.empty() || !a.rates.empty(),
                                  .check = a.check,
                                  .seed = a.seed,
                                  .memory_limit = a.common.memory,
                                  .interrupt = &interrupt};
  if (!a.at.empty()) {
    const std::vector<double> at = numbers_of(a.at, "--at");
    if (at.size() > 2) throw usage_error("--at is '" + a.at + "'", "give A, or A,B");
    options.steepest_from = {.a = at.front(), .b = at.size() > 1 ? at.back() : 0};
  }
  if (!a.rates.empty()) options.rates = numbers_of(a.rates, "--rates");
  return options;
}

/// A search has no path that `train` could go again.
void require_descent(const std::string& run_toml) {
  for (const ConfigurationEntry& entry : read_configuration(run_toml).entries)
    if (entry.key == "strategy")
      throw usage_error(run_toml + " is that of a search, which has no path of a descent",
                        "choose other directions");
}

/// The run is made again, as its run.toml says.
std::optional<std::array<landscape::Direction, 2>> path_of(const LandscapeArguments& a,
                                                           Workers& workers) {
  const std::filesystem::path run_toml = std::filesystem::path(a.model.model) / "run.toml";
  if (a.model.model.empty() || !std::filesystem::exists(run_toml))
    throw usage_error("principal directions are those of a run's path, and no run is named",
                      "name a run directory, or choose other directions");
  require_descent(run_toml.string());
  CLI::App again;
  DataArguments data;
  TrainingArguments training;
  add_path(again, data, "");
  add_training(again, data, training);
  take_configuration(again, run_toml.string(), false);
  const Parts parts = divide(load(data, a.common), data.shares);
  Progress progress("path", a.common.quiet);
  return landscape::path_directions(
      parts, options_of(training, data, a.common), workers, 100,
      [&](double share) { progress(share); }, &interrupt);
}

/// The slice, with its progress shown until it is there.
landscape::Slice slice_of(landscape::Site& site, std::vector<landscape::Direction> directions,
                          landscape::SliceOptions options, bool quiet) {
  Progress progress("points", quiet);
  options.told = [&](double share) { progress(share); };
  return landscape::slice(site, std::move(directions), options);
}

int run(CLI::App& app, LandscapeArguments& a) {
  use_instruction_set(a.common);
  require_output(a.common, {"landscape"});
  require_chart(a.plot);
  Ground ground = a.worked_case.empty() ? trained_model(app, a) : worked_case(a);
  const landscape::SliceOptions options = options_of(a);
  if (!a.plot.empty() && words_of(a.grid).size() != 1)
    throw usage_error("--plot draws a line", "give one direction; 'fallline report' draws planes");
  const landscape::Choice choice = choice_of(a.choice, a.seed);
  ground.subject.which = name_of(choice.which);
  ground.subject.first_example = choice.number;
  watch_interrupts();
  Workers workers(a.common.threads);
  landscape::Site site(ground.model, landscape::choose(ground.data, choice), workers);
  std::vector<landscape::Direction> directions =
      directions_of(a.grid, site, a.seed, a.common.memory, [&] { return path_of(a, workers); });
  if (directions.empty()) {
    say("interrupted before the path of the run was known");
    return Exit::interrupted;
  }
  const landscape::Slice found = slice_of(site, std::move(directions), options, a.common.quiet);
  const std::string json = landscape::json(found, site, ground.subject);
  const bool all = deliver({[&] { write_output(a.common, json); },
                            [&] { print_slice(found, json, a.common.format); },
                            [&] {
                              if (!a.plot.empty()) landscape::chart(found, site).write(a.plot);
                            }});
  return status_of_sweep(found.interrupted, all);
}

void add_points(CLI::App& app, LandscapeArguments& a) {
  constexpr const char* group = "Points";
  app.add_option("--method", a.method,
                 "linear: from the scores of W and the directions; direct: the objective itself at "
                 "every point; auto: linear where it can be")
      ->check(one_of({"auto", "linear", "direct"}))
      ->group(group);
  app.add_flag("--no-accuracy", a.no_accuracy, "Leave the accuracy at each point out")
      ->group(group);
  app.add_flag("--no-breakpoints", a.no_breakpoints,
               "Leave out where the hinge along a line has its kinks")
      ->group(group);
  app.add_option("--check", a.check, "Points that are evaluated directly as well; 0: none")
      ->check(not_negative)
      ->group(group);
}

void add_steepest(CLI::App& app, LandscapeArguments& a) {
  constexpr const char* group = "Steepest descent";
  app.add_flag("--steepest", a.steepest,
               "Show where steps of several sizes along the steepest descent in the plane land")
      ->group(group);
  app.add_option("--at", a.at, "Where they begin: A, or A,B")->default_str("0,0")->group(group);
  app.add_option("--rates", a.rates, "Their sizes, as 0.1,1,10")
      ->default_str("around the best one")
      ->group(group);
}

}  // namespace

void add_landscape(CLI::App& program, int& status) {
  auto a = std::make_shared<LandscapeArguments>();
  CLI::App* app = program.add_subcommand(
      "landscape", "The objective along a line or over a plane through a model's weights");
  add_model_and_data(*app, a->model);
  app->get_option("model")->required(false);
  app->get_option("--part")->description(
      "train, validation, test or all; without it the training part of the run, or all of DATA");
  app->add_option("--example", a->worked_case,
                  "A worked case in place of a model: three-points, the hinge of three examples in "
                  "three classes as a function of one weight")
      ->check(one_of({"three-points"}))
      ->group("Examples");
  add_choice(*app, a->choice);
  add_grid(*app, a->grid);
  app->add_option("--direction-seed", a->seed,
                  "Seed of random directions, and of which examples and points are drawn; --seed "
                  "divides the data")
      ->check(not_negative)
      ->group("Directions");
  add_points(*app, *a);
  add_steepest(*app, *a);
  add_output(*app, a->common);
  add_plot(*app, a->plot, "Draw a line into FILE.svg");
  add_common(*app, a->common);
  add_instruction_set(*app, a->common);
  app->callback([app, a, &status] { status = run(*app, *a); });
}

}  // namespace fallline::tool
