#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <fallline/gradient/linear_check.hpp>
#include <fallline/model/linear.hpp>
#include <fallline/random.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "checks.hpp"
#include "command.hpp"
#include "console.hpp"
#include "data_arguments.hpp"
#include "gradcheck_network.hpp"
#include "model_text.hpp"
#include "narration.hpp"
#include "objective_arguments.hpp"
#include "streams.hpp"

namespace fallline::tool {
namespace {

struct GradcheckArguments {
  Common common;
  DataArguments data;
  Loss loss;
  Penalty penalty;
  GradientCheckOptions check{.coordinates = 1000};
  std::string loss_name = "softmax";
  std::string preprocessing = "auto";
  std::string model = "linear";
  double scale = 0.01;
  std::size_t examples = 20;
  bool full = false;
};

/// "W[ship, 17]", "b[ship]".
std::string name_of(std::size_t index, const Dataset& data) {
  const std::size_t weights = data.classes() * data.features();
  const auto of_class = [&](std::size_t c) { return data.class_names()[c]; };
  if (index >= weights) return fmt::format("b[{}]", of_class(index - weights));
  const std::size_t d = index % data.features();
  return fmt::format("W[{}, {}]", of_class(index / data.features()),
                     data.feature_names().empty() ? std::to_string(d) : data.feature_names()[d]);
}

std::string_view verdict_of(const CheckedCoordinate& c) {
  if (c.verdict == Verdict::inconclusive) return c.kink ? "kink" : "rounding";
  return fallline::name_of(c.verdict);
}

void print_blocks(const LinearGradientCheck& found) {
  fmt::print("\n{:<6} {:>8} {:>8} {:>7} {:>7} {:>9} {:>12}  {}\n", "block", "checked", "passed",
             "failed", "kinks", "rounding", "worst error", "verdict");
  for (const CheckedBlock& b : found.check.blocks)
    fmt::print("{:<6} {:>8} {:>8} {:>7} {:>7} {:>9} {:>12.2g}  {}\n", b.name, b.checked, b.passed,
               b.failed, b.kinks, b.unresolved, b.worst.error, fallline::name_of(b.verdict()));
}

void print_worst(const LinearGradientCheck& found, const Dataset& data) {
  fmt::print("\n{:<24} {:>22} {:>22} {:>10}  {}\n", "worst", "by calculus", "by differences",
             "error", "");
  for (const CheckedCoordinate& c : found.check.worst)
    fmt::print("{:<24} {:>22.15g} {:>22.15g} {:>10.2g}  {}\n", name_of(c.index, data), c.analytic,
               c.numerical, c.error, verdict_of(c));
}

std::string duration(double seconds) {
  if (seconds < 120) return fmt::format("{:.3g} s", seconds);
  if (seconds < 7200) return fmt::format("{:.3g} min", seconds / 60);
  return fmt::format("{:.3g} h", seconds / 3600);
}

void print_text(const LinearGradientCheck& found, const GradcheckArguments& a,
                const Dataset& data) {
  fmt::print("gradient  {} loss, {} of {} parameters over {} examples, in double\n", a.loss_name,
             found.check.all.checked, found.parameters, found.examples);
  fmt::print(
      "error     |a - n| / max(|a|, |n|) within {:g}; a by calculus, n by central "
      "differences, h = {:.3g}\n",
      found.check.tolerance, found.check.step);
  print_blocks(found);
  print_worst(found, data);
  fmt::print(
      "\ncost      calculus {}, differences {}; two evaluations a coordinate, {} each, would "
      "take {}\n",
      duration(found.analytic_seconds), duration(found.numerical_seconds),
      duration(found.evaluation_seconds), duration(found.naive_seconds()));
  fmt::print("kernels   in float {:.2g} from it, relative to its norm", found.float_kernels);
  if (!std::isnan(found.integer_kernels)) fmt::print("; in integers {:.2g}", found.integer_kernels);
  fmt::print("\nverdict   {}\n", fallline::name_of(found.check.verdict()));
}

nlohmann::ordered_json json_number(double value) {
  return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

nlohmann::ordered_json json_of(const CheckedCoordinate& c, const Dataset& data) {
  return {{"coordinate", name_of(c.index, data)}, {"index", c.index},
          {"analytic", json_number(c.analytic)},  {"numerical", json_number(c.numerical)},
          {"error", json_number(c.error)},        {"verdict", verdict_of(c)}};
}

std::string gradcheck_json(const LinearGradientCheck& found, const GradcheckArguments& a,
                           const Dataset& data) {
  nlohmann::ordered_json json{{"kind", "gradcheck"},
                              {"version", 1},
                              {"verdict", fallline::name_of(found.check.verdict())},
                              {"loss", a.loss_name},
                              {"examples", found.examples},
                              {"parameters", found.parameters},
                              {"checked", found.check.all.checked},
                              {"passed", found.check.all.passed},
                              {"failed", found.check.all.failed},
                              {"kinks", found.check.all.kinks},
                              {"rounding", found.check.all.unresolved},
                              {"worst_error", json_number(found.check.all.worst.error)},
                              {"error_formula", "|a - n| / max(|a|, |n|)"},
                              {"scheme", fallline::name_of(found.check.scheme)},
                              {"step", found.check.step},
                              {"tolerance", found.check.tolerance},
                              {"analytic_seconds", found.analytic_seconds},
                              {"numerical_seconds", found.numerical_seconds},
                              {"evaluation_seconds", found.evaluation_seconds},
                              {"naive_seconds", found.naive_seconds()},
                              {"float_kernels", json_number(found.float_kernels)},
                              {"integer_kernels", json_number(found.integer_kernels)}};
  json["worst"] = nlohmann::ordered_json::array();
  for (const CheckedCoordinate& c : found.check.worst) json["worst"].push_back(json_of(c, data));
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void print_csv(const LinearGradientCheck& found, const Dataset& data) {
  fmt::print("coordinate,index,analytic,numerical,error,verdict\n");
  for (const CheckedCoordinate& c : found.check.worst)
    fmt::print("{},{},{},{},{},{}\n", csv_cell(name_of(c.index, data)), c.index, c.analytic,
               c.numerical, c.error, verdict_of(c));
}

std::vector<float> random_weights(const GradcheckArguments& a, const Dataset& data) {
  const Random random(a.data.shares.seed, Purpose::initial_weights);
  std::vector<float> w(data.classes() * (data.features() + 1));
  for (std::size_t i = 0; i < w.size(); ++i) w[i] = static_cast<float>(a.scale * random.normal(i));
  return w;
}

/// The share that is done and the time left, where somebody looks.
bool show_progress(double share, std::chrono::steady_clock::time_point start, bool shown) {
  const double gone =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (shown && gone > 1)
    tell("\r\033[K{:.0f} % of the coordinates, {:.0f} s left", 100 * share,
         gone * (1 - share) / share);
  if (shown && gone > 1 && share == 1) tell("\r\033[K");
  return !interrupt.load(std::memory_order_relaxed);
}

/// So many examples, evenly spaced.
Dataset some_of(const Dataset& data, std::size_t count) {
  std::vector<std::size_t> indices(std::min(count, data.size()));
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i * data.size() / indices.size();
  return data.subset(indices);
}

int run_network(const GradcheckArguments& a, const Dataset& data,
                const Preprocessing& preprocessing, const Network& network, Workers& workers,
                const std::function<bool(double)>& progress) {
  const NetworkGradientCheck found = check_network_gradient(
      some_of(data, a.examples), preprocessing, network, a.loss, a.penalty,
      network.initial_parameters(a.data.shares.seed, a.scale), a.check, workers, progress);
  const bool all =
      deliver({[&] { write_output(a.common, network_check_json(found, network, a.loss_name)); },
               [&] { print_network_check(found, network, a.loss_name, a.common.format); }});
  if (!all) return Exit::failure;
  if (interrupt) return Exit::interrupted;
  return found.verdict() == Verdict::fail ? Exit::failure : Exit::success;
}

int run(GradcheckArguments& a) {
  use_instruction_set(a.common);
  require_output(a.common, {"gradcheck"});
  a.loss.kind = loss_kind(a.loss_name);
  const PreprocessingKind kind = preprocessing_kind(a.preprocessing);
  if (a.full) a.check.coordinates = 0;
  a.check.seed = a.data.shares.seed;
  a.check.validate();
  const Source source = load(a.data, a.common);
  narrate_data(source.train, source.format, a.common.quiet);
  const Dataset data = divide(source, {.test = 0, .validation = 0}).train;
  Workers workers(a.common.threads);
  const Preprocessing preprocessing = Preprocessing::fit(kind, data, workers);
  watch_interrupts();
  const auto start = std::chrono::steady_clock::now();
  const bool shown = !a.common.quiet && isatty(STDERR_FILENO) != 0;
  const auto progress = [&](double share) { return show_progress(share, start, shown); };
  const Network network = Network::parse(model_text(a.model), data.features(), data.classes());
  if (!network.linear()) return run_network(a, data, preprocessing, network, workers, progress);
  const LinearGradientCheck found = check_linear_gradient(
      data, preprocessing, a.loss, a.penalty, random_weights(a, data), a.check, workers, progress);
  const std::string json = gradcheck_json(found, a, data);
  const bool all = deliver({[&] { write_output(a.common, json); },
                            [&] {
                              if (a.common.format == "json") fmt::print("{}", json);
                              if (a.common.format == "csv") print_csv(found, data);
                              if (a.common.format == "text") print_text(found, a, data);
                            }});
  if (!all) return Exit::failure;
  if (interrupt) return Exit::interrupted;
  return found.check.verdict() == Verdict::fail ? Exit::failure : Exit::success;
}

}  // namespace

void add_gradcheck(CLI::App& program, int& status) {
  auto a = std::make_shared<GradcheckArguments>();
  CLI::App* app = program.add_subcommand(
      "gradcheck", "Compare the gradient by calculus with differences of the loss");
  add_path(*app, a->data, "File or directory with the data; without one, the embedded picture set");
  add_reading(*app, a->data);
  add_model(*app, a->model);
  add_objective(*app, a->loss, a->penalty, a->loss_name, a->preprocessing);
  app->add_option("--initial-scale", a->scale,
                  "The weights of a linear model are this times N(0,1)")
      ->group("Objective");
  app->add_option("--coordinates", a->check.coordinates,
                  "Check about so many, those of some features drawn at random")
      ->check(positive)
      ->group("Check");
  app->add_option("--examples", a->examples, "Of a network: over so many; a linear model: over all")
      ->check(positive)
      ->group("Check");
  app->add_flag("--full", a->full, "Check all of them")->group("Check");
  app->add_option("--step", a->check.step,
                  "How far a score moves at most; 0: 1e-5, and 1e-7 for the hinge")
      ->group("Check");
  app->add_option("--tolerance", a->check.tolerance, "Of the relative error")->group("Check");
  app->add_option("--worst", a->check.worst, "Coordinates to list")
      ->check(not_negative)
      ->group("Check");
  app->add_option("--seed", a->data.shares.seed, "Of the weights and of the coordinates")
      ->check(not_negative);
  add_common(*app, a->common);
  add_output(*app, a->common);
  add_instruction_set(*app, a->common);
  app->callback([a, &status] { status = run(*a); });
}

}  // namespace fallline::tool
