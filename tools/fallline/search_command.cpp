#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <fallline/error.hpp>
#include <fallline/instruction_set.hpp>
#include <fallline/search/run_directory.hpp>
#include <fallline/search/search.hpp>
#include <fallline/train/run_directory.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks.hpp"
#include "command.hpp"
#include "configuration.hpp"
#include "console.hpp"
#include "data_arguments.hpp"
#include "objective_arguments.hpp"
#include "search_output.hpp"
#include "spelling.hpp"
#include "streams.hpp"

namespace fallline::tool {
namespace {

struct SearchArguments {
  Common common;
  DataArguments data;
  SearchOptions options;
  std::string strategy;
  std::string loss = "hinge";
  std::string preprocessing = "mean";
  std::string run_directory;
  std::string configuration;
};

void add_search_options(CLI::App& app, SearchOptions& o) {
  app.add_option("--tries", o.tries, "Evaluations of the objective over all training examples")
      ->check(positive)
      ->group("Search");
  app.add_option("--scale", o.scale, "random: W is this times N(0,1)")->group("Search");
  app.add_option("--start", o.start, "local: W starts as this times N(0,1)")->group("Search");
  app.add_option("--step", o.step, "local: a proposal is W plus this times N(0,1)")
      ->group("Search");
  app.add_option("--learning-rate,--lr", o.learning_rate,
                 "gradient: step size; 0: from the curvature of the objective")
      ->group("Search");
  app.add_option("--initial-scale", o.initial_scale, "gradient: W starts as this times N(0,1)")
      ->group("Search");
  app.add_option(
         "--candidates", o.candidates,
         "Weights evaluated in one pass over the data; 0: what is fastest. The result is the "
         "same")
      ->check(not_negative)
      ->group("Machine");
}

std::vector<Strategy> strategies_of(const SearchArguments& a) {
  if (a.strategy == "all") return {Strategy::random, Strategy::local, Strategy::gradient};
  if (a.strategy.empty())
    throw usage_error("no search is named", "choose random, local, gradient, or all in one table");
  return {strategy_named(a.strategy)};
}

/// Options of the command line that only one strategy has.
std::vector<std::pair<std::string, Strategy>> given_options(const CLI::App& app) {
  std::vector<std::pair<std::string, Strategy>> given{{"--scale", Strategy::random},
                                                      {"--start", Strategy::local},
                                                      {"--step", Strategy::local},
                                                      {"--learning-rate", Strategy::gradient},
                                                      {"--initial-scale", Strategy::gradient}};
  std::erase_if(given, [&](const auto& option) { return app.count(option.first) == 0; });
  return given;
}

void refuse_idle(const std::vector<std::pair<std::string, Strategy>>& given,
                 const std::vector<Strategy>& strategies) {
  for (const auto& [name, owner] : given)
    if (std::ranges::find(strategies, owner) == strategies.end())
      throw usage_error(fmt::format("{} search has no {}", name_of(strategies.front()), name),
                        fmt::format("it is a setting of 'fallline search {}'", name_of(owner)));
}

SearchOptions options_of(const SearchArguments& a) {
  SearchOptions options = a.options;
  options.loss.kind = loss_kind(a.loss);
  options.preprocessing = preprocessing_kind(a.preprocessing);
  options.seed = a.data.shares.seed;
  options.memory_limit = a.common.memory;
  options.validate();
  return options;
}

/// The directories of the strategies.
struct Claimed {
  std::optional<ClaimedDirectory> root;  ///< of several, around theirs
  std::deque<SearchDirectory> runs;
};

/// A directory for each strategy: the one named, or one in it each.
Claimed claim_directories(const CLI::App& app, const SearchArguments& a,
                          const std::vector<Strategy>& strategies) {
  Claimed claimed;
  claimed.root =
      a.run_directory.empty() ? RunDirectory::fresh("runs") : ClaimedDirectory(a.run_directory);
  for (const Strategy strategy : strategies) {
    const std::string name(name_of(strategy));
    const std::map<std::string, std::string> understood{
        {"strategy", name}, {"isa", std::string(name_of(instruction_set()))}};
    claimed.runs.emplace_back(strategies.size() == 1
                                  ? std::move(*claimed.root)
                                  : ClaimedDirectory(claimed.root->path() / name),
                              configuration_text(app, understood), warn_of_run);
  }
  if (strategies.size() == 1) claimed.root.reset();
  return claimed;
}

int status_of(const Found& found, std::size_t planned) {
  int status = Exit::success;
  for (std::size_t i = 0; i < found.results.size(); ++i) {
    const SearchResult& r = found.results[i];
    if (r.stop == SearchStop::diverged) {
      say(r.message);
      status = Exit::diverged;
    }
    if (r.stop == SearchStop::interrupted)
      say(fmt::format("interrupted after attempt {}; the best weights were saved in {}", r.attempts,
                      found.directories[i]));
  }
  return found.results.size() < planned || found.results.back().stop == SearchStop::interrupted
             ? Exit::interrupted
             : status;
}

/// An error that ends the search says what is left of it.
SearchResult searched(const Parts& parts, const SearchOptions& options, Workers& workers,
                      std::span<SearchListener* const> listeners,
                      const std::filesystem::path& directory) {
  try {
    return search(parts, options, workers, listeners, &interrupt);
  } catch (...) {
    if (std::filesystem::exists(directory / "model.safetensors"))
      say("the search ended early; what there is was saved in " + directory.string());
    throw;
  }
}

int run(CLI::App& app, SearchArguments& a) {
  const auto given = given_options(app);
  if (!a.configuration.empty()) take_configuration(app, a.configuration, true);
  use_instruction_set(a.common);
  const std::vector<Strategy> strategies = strategies_of(a);
  refuse_idle(given, strategies);
  SearchOptions options = options_of(a);
  Claimed claimed = claim_directories(app, a, strategies);
  require_output(a.common, {"search"});
  const Source source = load(a.data, a.common);
  narrate_data(source.train, source.format, a.common.quiet);
  const Parts parts = divide(source, a.data.shares);
  narrate(parts.notes, a.common.quiet);
  warn(parts.warnings);
  watch_interrupts();
  Workers workers(a.common.threads);
  Found found;
  found.several = strategies.size() > 1;
  for (std::size_t i = 0; i < strategies.size() && (i == 0 || !interrupt); ++i) {
    options.strategy = strategies[i];
    SearchConsole console(a.common.quiet);
    SearchListener* const listeners[] = {&claimed.runs[i], &console};
    found.results.push_back(searched(parts, options, workers, listeners, claimed.runs[i].path()));
    found.directories.push_back(claimed.runs[i].path().string());
    found.missing.push_back(claimed.runs[i].missing());
  }
  bool all = deliver({[&] { write_output(a.common, document_of(found)); },
                      [&] { print_searches(found, a.common.format); }});
  for (std::size_t i = 0; i < found.missing.size(); ++i)
    all = whole(found.missing[i], found.directories[i]) && all;
  const int status = status_of(found, strategies.size());
  return all ? status : Exit::failure;
}

}  // namespace

void add_search(CLI::App& program, int& status) {
  auto a = std::make_shared<SearchArguments>();
  // The weights are chosen by the training loss: nothing need be held out for that.
  a->data.shares.validation = 0;
  CLI::App* app = program.add_subcommand(
      "search", "Guess weights, improve them by guessing, follow the gradient: and compare");
  app->add_option("strategy,--strategy", a->strategy,
                  "random, local, gradient, or all: the three in one table")
      ->check(one_of({"random", "local", "gradient", "all"}));
  add_path(*app, a->data, "File or directory with the data; without one, the embedded picture set");
  app->add_option("--config", a->configuration,
                  "Options from a run.toml; the command line has the last word");
  add_reading(*app, a->data);
  add_dividing(*app, a->data);
  app->get_option("--validation-share")
      ->description("Share of the training part held out; looked at only at the end");
  add_objective(*app, a->options.loss, a->options.penalty, a->loss, a->preprocessing);
  add_search_options(*app, a->options);
  app->add_option("-o,--run-directory", a->run_directory,
                  "Where the run is written; for all, a directory in it each")
      ->default_str("runs/DATE-TIME")
      ->group("Output");
  add_common(*app, a->common);
  add_output(*app, a->common);
  add_instruction_set(*app, a->common);
  app->callback([app, a, &status] { status = run(*app, *a); });
}

}  // namespace fallline::tool
