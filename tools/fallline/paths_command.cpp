#include <fmt/format.h>

#include <fallline/error.hpp>
#include <fallline/landscape/paths.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checks.hpp"
#include "landscape_arguments.hpp"
#include "narration.hpp"
#include "optimizer_arguments.hpp"
#include "paths_output.hpp"
#include "progress.hpp"
#include "spelling.hpp"
#include "streams.hpp"
#include "sweep_command.hpp"

namespace fallline::tool {
namespace {

struct PathsArguments : SweepArguments {
  std::string runs;
  std::string optimizers;
  std::size_t batch_steps = 100;
  bool sweep = false;
  landscape::PathsOptions options;
  std::string plane = "principal";
  std::string points;
};

std::vector<landscape::Descender> descenders_of(const PathsArguments& a,
                                                const TrainOptions& training) {
  std::vector<landscape::Descender> all;
  const bool usual = a.runs.empty() && a.optimizers.empty();
  for (const std::string& kind :
       CLI::detail::split(usual ? "batch,mini-batch,stochastic" : a.runs, ','))
    if (!kind.empty()) {
      all.push_back(landscape::descender(landscape::path_kind(kind), training, a.batch_steps));
      all.back().sweep = a.sweep;
    }
  for (const std::string& name : CLI::detail::split(a.optimizers, ','))
    if (!name.empty()) all.push_back(landscape::descender(name, training));
  return all;
}

void take_points(PathsArguments& a) {
  if (a.points.empty()) return;
  GridArguments grid{.points = a.points};
  const auto axes = axes_of(grid);
  a.options.points = {axes[0].points, axes[1].points};
}

int run(PathsArguments& a) {
  use_instruction_set(a.common);
  require_output(a.common, {"paths"});
  const TrainOptions training = options_of(a.training, a.data, a.common);
  const std::vector<landscape::Descender> descenders = descenders_of(a, training);
  take_points(a);
  a.options.plane = landscape::plane_kind(a.plane);
  a.options.memory_limit = a.common.memory;
  a.options.interrupt = &interrupt;
  a.options.validate();
  const Parts parts = parts_of(a);
  watch_interrupts();
  Workers workers(a.common.threads);
  std::optional<Progress> progress;
  a.options.told = [&](const std::string& line) {
    progress.reset();
    if (!a.common.quiet) tell("path     {}\n", line);
    progress.emplace("path", a.common.quiet);
  };
  a.options.progress = [&](double share) {
    if (progress) (*progress)(share);
  };
  const landscape::Paths paths =
      landscape::follow_paths(parts.train, descenders, a.options, workers);
  progress.reset();
  const std::string json = landscape::json(paths, {.part = "train"});
  const bool all = deliver(
      {[&] { write_output(a.common, json); }, [&] { print_paths(paths, json, a.common.format); }});
  return status_of_sweep(paths.interrupted, all);
}

void add_descents(CLI::App& app, PathsArguments& a) {
  constexpr const char* group = "Paths";
  app.add_option(
         "--runs", a.runs,
         "Which of batch (all examples a step), mini-batch (--batch-size), stochastic (one)")
      ->default_str("batch,mini-batch,stochastic, unless --optimizers says others")
      ->group(group);
  app.add_option("--optimizers", a.optimizers,
                 "Optimizers, as sgd,momentum,adam, each at its own swept rate")
      ->group(group);
  app.add_flag("--sweep", a.sweep, "Sweep the rates of --runs, too; else as train chooses them")
      ->group(group);
  app.add_option("--batch-steps", a.batch_steps, "Steps of batch; the others go through --epochs")
      ->check(positive)
      ->group(group);
  app.add_option("--iterates", a.options.iterates,
                 "Points of each path that are kept, more of its beginning")
      ->group(group);
}

void add_plane(CLI::App& app, PathsArguments& a) {
  constexpr const char* group = "Plane";
  app.add_option("--plane", a.plane,
                 "principal: along the directions in which the paths vary most; start-end: through "
                 "start and end of the first path")
      ->check(one_of({"principal", "start-end"}))
      ->group(group);
  app.add_option("--points", a.points, "Points along each side of the plane; N,M gives both sides")
      ->default_str("51")
      ->group(group);
}

}  // namespace

void add_paths(CLI::App& program, int& status) {
  auto a = std::make_shared<PathsArguments>();
  a->training.options.epochs = 5;
  // A descent is followed to its end: nothing is held out to choose an earlier epoch.
  a->data.shares.validation = 0;
  CLI::App* app = program.add_subcommand(
      "paths", "Descents side by side over the contours of what they descend");
  add_sweep_data(*app, *a);
  app->get_option("--validation-share")->description("Share of the training part that is left out");
  add_descents(*app, *a);
  add_plane(*app, *a);
  add_optimizer(*app, a->training.options.optimizer);
  add_rate(*app, a->training);
  add_batch_size(*app, a->training);
  add_epochs(*app, a->training);
  app->get_option("--epochs")->description("Passes over the data of every path but batch");
  add_steps(*app, a->training);
  add_sweep_output(*app, *a);
  app->callback([a, &status] { status = run(*a); });
}

}  // namespace fallline::tool
