#include <fallline/error.hpp>
#include <fallline/train/train.hpp>
#include <fallline/tune/training_sweep.hpp>
#include <limits>

namespace fallline::tune {
namespace {

using Results = std::vector<TrainResult>;
using Figure = double (*)(const Evaluation&);

double loss_of(const Evaluation& e) { return e.loss; }
double accuracy_of(const Evaluation& e) { return e.accuracy(); }

template <class Value>
Spread over(const Results& results, Value value) {
  std::vector<double> values;
  values.reserve(results.size());
  for (const TrainResult& r : results) values.push_back(value(r));
  return spread_of(values);
}

/// A diverged run's weights are from before the bad step: their loss would flatter it.
double judged(const TrainResult& r, const Evaluation& part, Figure of) {
  const bool lost = r.stopped_being_finite() && of == loss_of;
  return lost ? std::numeric_limits<double>::infinity() : of(part);
}

Spread figure(const Results& results, const Evaluation TrainResult::*part, Figure of) {
  return over(results, [&](const TrainResult& r) { return judged(r, r.*part, of); });
}

std::optional<Spread> figure(const Results& results,
                             const std::optional<Evaluation> TrainResult::*part, Figure of) {
  if (!(results.front().*part)) return {};
  return over(results, [&](const TrainResult& r) { return judged(r, *(r.*part), of); });
}

CaseFigures figures_of(const TrainingCase& one, const Results& results) {
  CaseFigures f{.values = one.values,
                .runs = results.size(),
                .learning_rate = results.front().plan.learning_rate,
                .train_loss = figure(results, &TrainResult::train, loss_of),
                .train_accuracy = figure(results, &TrainResult::train, accuracy_of),
                .validation_loss = figure(results, &TrainResult::validation, loss_of),
                .validation_accuracy = figure(results, &TrainResult::validation, accuracy_of),
                .test_loss = figure(results, &TrainResult::test, loss_of),
                .test_accuracy = figure(results, &TrainResult::test, accuracy_of),
                .seconds = over(results, [](const TrainResult& r) { return r.seconds; })};
  for (const TrainResult& r : results) f.diverged += r.stop == StopReason::diverged ? 1 : 0;
  return f;
}

/// The whole runs of a case; sets `interrupted` where one is not.
Results runs_of(const Source& source, const TrainingCase& one, std::size_t seeds, Workers& workers,
                const std::atomic<bool>* interrupt, bool& interrupted) {
  Results results;
  for (std::size_t s = 0; s < seeds && !interrupted; ++s) {
    Shares shares = one.shares;
    TrainOptions training = one.training;
    training.seek_held_rate = false;
    shares.seed += s;
    training.seed += s;
    TrainResult result = train(divide(source, shares), training, workers, {}, interrupt);
    interrupted = result.stop == StopReason::interrupted;
    if (!interrupted) results.push_back(std::move(result));
  }
  return results;
}

void find_best(TrainingSweep& sweep) {
  double highest = -1;
  for (std::size_t i = 0; i < sweep.cases.size(); ++i) {
    const CaseFigures& f = sweep.cases[i];
    if (!f.validation_accuracy || f.diverged > 0 || f.validation_accuracy->mean <= highest)
      continue;
    highest = f.validation_accuracy->mean;
    sweep.best = i;
  }
}

}  // namespace

TrainingSweep sweep_training(const Source& source, std::span<const TrainingCase> cases,
                             std::size_t seeds, Workers& workers,
                             const std::function<void(const CaseFigures&)>& told,
                             const std::atomic<bool>* interrupt) {
  if (cases.empty() || seeds == 0)
    throw usage_error("there is nothing to train", "give at least one case and one seed");
  for (const TrainingCase& one : cases) one.training.validate();
  TrainingSweep sweep;
  for (const TrainingCase& one : cases) {
    const Results results = runs_of(source, one, seeds, workers, interrupt, sweep.interrupted);
    if (!results.empty()) sweep.cases.push_back(figures_of(one, results));
    if (sweep.interrupted) break;
    if (told) told(sweep.cases.back());
  }
  find_best(sweep);
  return sweep;
}

}  // namespace fallline::tune
