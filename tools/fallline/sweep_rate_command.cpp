#include <fmt/format.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/tune/range_test.hpp>
#include <fallline/tune/rate_sweep.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "narration.hpp"
#include "optimizer_arguments.hpp"
#include "spelling.hpp"
#include "streams.hpp"
#include "sweep_command.hpp"

namespace fallline::tool {
namespace {

struct RateSweepArguments : SweepArguments {
  tune::RateSweepOptions sweep;
  std::string mode = "step";
  StartArguments start;
  std::string plot;
  std::vector<CLI::Option*> of_steps;  ///< of no use in a range test
};

void print_suggestion(const std::optional<double>& rate, const std::string& reason) {
  fmt::print("\nsuggestion  {}: {}\n", rate ? fmt::format("{:g}", *rate) : "none", reason);
}

void print_text(const tune::RateSweep& s) {
  fmt::print("start       loss {:<#9.5g} accuracy {:6.2f} %   |g| {:.4g}   {} examples\n\n",
             s.start.loss, 100 * s.start.accuracy(), s.start.gradient_norm, s.start.examples);
  fmt::print("{:>11} {:>12} {:>10}  {}\n", "rate", "loss", "accuracy", "a single step");
  for (std::size_t i = 0; i < s.rates.size(); ++i) {
    const tune::SweptRate& r = s.rates[i];
    fmt::print("{:>11g} {:>#12.6g} {:>8.2f} %  {}{}\n", r.rate, r.measure.objective(),
               100 * r.measure.accuracy(), name_of(r.verdict), s.lowest == i ? ", lowest" : "");
  }
  if (!s.trials.empty())
    fmt::print("\n{:>11} {:>12} {:>10}  {}\n", "rate", "loss", "accuracy", "training runs");
  for (const tune::RateTrial& t : s.trials)
    fmt::print("{:>11g} {:>#12.6g} {:>8.2f} %  {} epochs{}\n", t.rate, t.loss, 100 * t.accuracy,
               t.epochs, s.suggestion == t.rate ? ", lowest" : "");
  print_suggestion(s.suggestion, s.reason);
}

void print_csv(const tune::RateSweep& s) {
  fmt::print("kind,rate,loss,objective,accuracy,verdict\n");
  for (const tune::SweptRate& r : s.rates)
    fmt::print("step,{},{},{},{},{}\n", r.rate, r.measure.loss, r.measure.objective(),
               r.measure.accuracy(), name_of(r.verdict));
  for (const tune::RateTrial& t : s.trials)
    fmt::print("trial,{},{},,{},\n", t.rate, t.loss, t.accuracy);
  if (s.suggestion) fmt::print("suggestion,{},,,,\n", *s.suggestion);
}

/// Of many steps some 25 are shown.
void print_text(const tune::RangeTest& t) {
  constexpr std::size_t shown = 25;
  fmt::print("{:>6} {:>11} {:>12} {:>12}\n", "step", "rate", "loss", "smoothed");
  const std::size_t every = std::max<std::size_t>(1, t.steps.size() / shown);
  for (std::size_t i = 0; i < t.steps.size(); ++i)
    if (i % every == 0 || i + 1 == t.steps.size() || t.lowest == i)
      fmt::print("{:>6} {:>11.4g} {:>#12.6g} {:>#12.6g}{}\n", t.steps[i].step, t.steps[i].rate,
                 t.steps[i].loss, t.steps[i].smoothed, t.lowest == i ? "  lowest" : "");
  print_suggestion(t.suggestion, t.reason);
}

void print_csv(const tune::RangeTest& t) {
  fmt::print("step,rate,loss,smoothed\n");
  for (const tune::RangeStep& s : t.steps)
    fmt::print("{},{},{},{}\n", s.step, s.rate, s.loss, s.smoothed);
}

template <class Found>
int report(const Found& found, const RateSweepArguments& a) {
  const std::string json = tune::json(found);
  const bool all = deliver({[&] { write_output(a.common, json); },
                            [&] {
                              if (a.common.format == "json") fmt::print("{}", json);
                              if (a.common.format == "csv") print_csv(found);
                              if (a.common.format == "text") print_text(found);
                            },
                            [&] {
                              if (!a.plot.empty()) tune::chart(found).write(a.plot);
                            }});
  return status_of_sweep(found.interrupted, all);
}

void refuse_what_steps_have(const RateSweepArguments& a) {
  for (const CLI::Option* option : a.of_steps)
    if (option->count() > 0)
      throw usage_error(option->get_name() + " says nothing in a range test", "leave it out");
}

int sweep_steps(const RateSweepArguments& a) {
  a.sweep.validate();
  const std::optional<Classifier> start = model_of(a.start, a.common);
  const Parts parts = parts_of(a, start ? &start->schema : nullptr);
  watch_interrupts();
  Workers workers(a.common.threads);
  const auto told = [&](const tune::RateTrial& t) {
    if (!a.common.quiet)
      tell("trial    rate {:g}: loss {:.5g} after {} epochs\n", t.rate, t.loss, t.epochs);
  };
  return report(
      tune::sweep_rates(parts, a.sweep, workers, start ? &*start : nullptr, told, &interrupt), a);
}

int test_range(const RateSweepArguments& a) {
  refuse_what_steps_have(a);
  const tune::RangeTestOptions options{
      .training = a.sweep.training, .from = a.sweep.from, .to = a.sweep.to};
  options.validate();
  const Parts parts = parts_of(a);
  watch_interrupts();
  Workers workers(a.common.threads);
  return report(tune::test_range(parts, options, workers, &interrupt), a);
}

int run(RateSweepArguments& a) {
  use_instruction_set(a.common);
  require_output(a.common, {"sweep-lr", "sweep-lr-range"});
  require_chart(a.plot);
  a.sweep.training = options_of(a.training, a.data, a.common);
  return a.mode == "range" ? test_range(a) : sweep_steps(a);
}

void add_rates(CLI::App& app, RateSweepArguments& a) {
  app.add_option("--mode", a.mode,
                 "step: the loss after one step at every rate; range: the loss while the rate "
                 "rises through mini-batches")
      ->check(one_of({"step", "range"}))
      ->group("Sweep");
  app.add_option("--from", a.sweep.from, "Lowest rate")->group("Sweep");
  app.add_option("--to", a.sweep.to, "Highest rate")->group("Sweep");
  a.of_steps = {
      app.add_option("--per-decade", a.sweep.per_decade, "Rates a decade"),
      app.add_option("--trial-epochs", a.sweep.trial_epochs,
                     "Length of the training runs that the suggestion comes from; 0: none, it "
                     "comes from the single steps"),
      add_start(app, a.start)};
  for (CLI::Option* option : a.of_steps) option->group("Sweep");
}

}  // namespace

void add_sweep_rate(CLI::App& sweep, int& status) {
  auto a = std::make_shared<RateSweepArguments>();
  CLI::App* app = sweep.add_subcommand(
      "lr", "The loss after a single step at every learning rate, and a rate for training");
  add_sweep_data(*app, *a);
  add_rates(*app, *a);
  add_optimizer(*app, a->training.options.optimizer);
  add_batch_size(*app, a->training);
  add_steps(*app, a->training);
  add_plot(*app, a->plot, "Draw the loss against the rate into FILE.svg");
  add_sweep_output(*app, *a);
  app->callback([a, &status] { status = run(*a); });
}

}  // namespace fallline::tool
