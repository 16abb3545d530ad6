#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/objective/batch_objective.hpp>
#include <fallline/tune/rate_sweep.hpp>
#include <fallline/tune/steps.hpp>

#include "indices.hpp"
#include "names.hpp"
#include "tune/rate_trials.hpp"
#include "tune/room.hpp"
#include "tune/start.hpp"

namespace fallline::tune {
namespace {

constexpr Names<StepVerdict, 4> names{"verdict",
                                      {{{StepVerdict::barely_moves, "barely moves"},
                                        {StepVerdict::improves, "improves"},
                                        {StepVerdict::overshoots, "overshoots"},
                                        {StepVerdict::not_finite, "not finite"}}}};

/// What counts as a move, of the greatest fall.
constexpr double noticeable = 0.05;

void find_lowest(RateSweep& sweep) {
  double least = sweep.start.objective();
  for (std::size_t i = 0; i < sweep.rates.size(); ++i)
    if (sweep.rates[i].measure.objective() < least) {
      least = sweep.rates[i].measure.objective();
      sweep.lowest = i;
    }
}

void judge(RateSweep& sweep) {
  const double before = sweep.start.objective();
  const double fall =
      sweep.lowest ? before - sweep.rates[*sweep.lowest].measure.objective() : std::abs(before);
  for (SweptRate& r : sweep.rates) r.verdict = verdict_of(before, r.measure.objective(), fall);
}

/// As `measure_steps`, a pass over the data a rate: what a network makes of w − α g is not linear.
std::vector<Measure> each_step(BatchObjective& objective, std::span<const float> w,
                               std::span<const float> g, const std::vector<double>& rates) {
  const std::vector<std::size_t> all = all_indices(objective.size());
  std::vector<float> moved(w.size());
  std::vector<Measure> reached;
  for (const double rate : rates) {
    for (std::size_t i = 0; i < w.size(); ++i) moved[i] = w[i] - static_cast<float>(rate) * g[i];
    reached.push_back(objective.value(moved, all));
  }
  return reached;
}

/// The measure at the start, and at every rate from there.
void take_steps(const Dataset& data, const Start& start, const std::vector<double>& rates,
                Workers& workers, RateSweep& sweep) {
  BatchObjective objective(data, start.preprocessing, start.network, start.loss, start.penalty,
                           workers);
  std::vector<float> gradient(start.parameters.size());
  sweep.start = objective.value_and_gradient(start.parameters, all_indices(data.size()), gradient);
  if (!std::isfinite(sweep.start.objective()) || !std::isfinite(sweep.start.gradient_norm))
    throw Error(ErrorKind::diverged, "the loss or its gradient is not finite at the start",
                "look for features that are not finite, or preprocess them");
  const std::vector<Measure> reached =
      start.network.linear() ? measure_steps(data, start.preprocessing, start.loss, start.penalty,
                                             start.parameters, gradient, rates, workers)
                             : each_step(objective, start.parameters, gradient, rates);
  for (std::size_t i = 0; i < rates.size(); ++i)
    sweep.rates.push_back({.rate = rates[i], .measure = reached[i]});
  find_lowest(sweep);
  judge(sweep);
}

std::string at_the_end(const RateSweep& sweep) {
  return sweep.lowest && *sweep.lowest + 1 == sweep.rates.size()
             ? "; no higher rate was swept, and the loss was still falling"
             : "";
}

void suggest_from_steps(RateSweep& sweep) {
  if (!sweep.lowest) {
    sweep.reason = "no rate lowers the loss: sweep lower ones, or this is the minimum";
    return;
  }
  sweep.suggestion = sweep.rates[*sweep.lowest].rate;
  sweep.reason = "a single step on all examples lowers the loss most with it" + at_the_end(sweep);
}

void suggest_from_trials(RateSweep& sweep, const RateTrials& trials, bool validated) {
  if (trials.all().empty()) return;
  const RateTrial* best = trials.best();
  if (best == nullptr) {
    sweep.suggestion.reset();
    sweep.reason = "the loss of every training run stopped being finite: preprocess the features";
    return;
  }
  sweep.suggestion = best->rate;
  sweep.reason = fmt::format(
      "of {} training runs of {} epochs, from {:g} on, where a single step lowers the loss most, "
      "the one with it ended with the lowest {} loss",
      trials.all().size(), best->epochs, sweep.rates[*sweep.lowest].rate,
      validated ? "validation" : "training");
}

}  // namespace

std::string_view name_of(StepVerdict verdict) { return names.name_of(verdict); }

StepVerdict verdict_of(double before, double after, double fall) {
  const double change = after - before;
  if (!std::isfinite(change)) return StepVerdict::not_finite;
  if (std::abs(change) < noticeable * fall) return StepVerdict::barely_moves;
  return change < 0 ? StepVerdict::improves : StepVerdict::overshoots;
}

void RateSweepOptions::validate() const {
  training.validate();
  (void)rates_between(from, to, per_decade);
  if (training.whole_batch())
    throw usage_error(
        fmt::format("{} finds the length of its steps by itself", training.optimizer.name),
        "sweep the rates of another optimizer");
}

RateSweep sweep_rates(const Parts& parts, const RateSweepOptions& options, Workers& workers,
                      const Classifier* model, const std::function<void(const RateTrial&)>& told,
                      const std::atomic<bool>* interrupt) {
  options.validate();
  const std::vector<double> rates = rates_between(options.from, options.to, options.per_decade);
  const Dataset data = model == nullptr ? parts.train : model->accept(parts.train);
  require_room(parts, options.training, workers.threads(),
               BatchObjective::working_bytes(data.features(), 2 * data.classes(), data.cells(),
                                             workers.threads()),
               "sweeping rates");
  RateSweep sweep;
  take_steps(data, start_of(data, options.training, model, workers), rates, workers, sweep);
  suggest_from_steps(sweep);
  if (!sweep.lowest || model != nullptr || options.trial_epochs == 0) return sweep;
  RateTrials trials(parts, options, workers, told, interrupt);
  trials.run(*sweep.suggestion);
  sweep.trials = trials.all();
  sweep.interrupted = trials.interrupted();
  suggest_from_trials(sweep, trials, !parts.validation.empty());
  return sweep;
}

}  // namespace fallline::tune
