#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/train/train.hpp>
#include <fallline/tune/batch_size_sweep.hpp>
#include <limits>
#include <map>
#include <utility>

namespace fallline::tune {
namespace {

constexpr std::size_t usual_epochs = 10;

/// Writes down the loss at the start and at the end of each epoch.
class Recorder : public Listener {
 public:
  explicit Recorder(LossCurve& curve) : curve_(curve) {}
  void on(const Event& event) override {
    const auto* taken = std::get_if<StepTaken>(&event);
    if (taken != nullptr && taken->step == 1) curve_.add(0, taken->measure.loss);
    if (const auto* ended = std::get_if<EpochEnded>(&event))
      curve_.add(ended->seconds, (ended->validation ? *ended->validation : ended->training).loss);
  }

 private:
  LossCurve& curve_;
};

/// Nothing where it was interrupted.
std::optional<BatchSizeRun> run_of(const Parts& parts, const TrainOptions& options,
                                   Workers& workers, const std::atomic<bool>* interrupt) {
  BatchSizeRun run{.size = options.batch_size, .seed = options.seed};
  Recorder recorder(run.curve);
  Listener* const listeners[] = {&recorder};
  const TrainResult result = train(parts, options, workers, listeners, interrupt);
  if (result.stop == StopReason::interrupted) return {};
  run.learning_rate = result.plan.learning_rate;
  run.examples_per_second = result.examples_per_second;
  run.seconds = result.seconds;
  run.loss = result.stopped_being_finite() ? std::numeric_limits<double>::infinity()
                                           : run.curve.points().back().loss;
  run.accuracy = (result.validation ? *result.validation : result.train).accuracy();
  return run;
}

using Runs = std::vector<const BatchSizeRun*>;

template <class Value>
Spread over(const Runs& runs, Value value) {
  std::vector<double> values;
  for (const BatchSizeRun* run : runs) values.push_back(value(*run));
  return spread_of(values);
}

BatchSizeFigures figures_of(const Runs& runs) {
  return {.size = runs.front()->size,
          .learning_rate = runs.front()->learning_rate,
          .runs = runs.size(),
          .examples_per_second =
              over(runs, [](const BatchSizeRun& r) { return r.examples_per_second; }),
          .seconds = over(runs, [](const BatchSizeRun& r) { return r.seconds; }),
          .loss_after_epochs = over(runs, [](const BatchSizeRun& r) { return r.loss; }),
          .loss_after_seconds = {},
          .accuracy = over(runs, [](const BatchSizeRun& r) { return r.accuracy; })};
}

double loss_after(const BatchSizeRun& run, double seconds) {
  return std::isfinite(run.loss) ? run.curve.at(seconds) : run.loss;
}

std::string figure(const Spread& s, std::size_t runs) {
  return runs < 2 ? fmt::format("{:.4g}", s.mean)
                  : fmt::format("{:.4g} (deviation {:.2g})", s.mean, s.deviation);
}

void suggest(BatchSizeSweep& sweep) {
  std::vector<BatchSizeFigures> sorted;
  for (const BatchSizeFigures& f : sweep.sizes)
    if (std::isfinite(f.loss_after_seconds.mean)) sorted.push_back(f);
  std::ranges::stable_sort(sorted, {},
                           [](const BatchSizeFigures& f) { return f.loss_after_seconds.mean; });
  if (sorted.empty()) {
    sweep.reason = "no run kept a finite loss: give a lower learning rate";
    return;
  }
  const BatchSizeFigures& best = sorted.front();
  sweep.suggestion = best.size;
  sweep.reason = fmt::format("after {:.3g} s its loss is lowest, {}", sweep.seconds,
                             figure(best.loss_after_seconds, best.runs));
  if (sorted.size() < 2) return;
  const BatchSizeFigures& next = sorted[1];
  const double apart = next.loss_after_seconds.mean - best.loss_after_seconds.mean;
  const double spread =
      std::max(best.loss_after_seconds.deviation, next.loss_after_seconds.deviation);
  sweep.reason += fmt::format(
      "; next is {} with {}{}", next.size, figure(next.loss_after_seconds, next.runs),
      best.runs > 1 && apart < spread ? ", no further off than the seeds are from one another"
                                      : "");
}

std::size_t largest(const std::vector<std::size_t>& sizes) { return std::ranges::max(sizes); }

}  // namespace

double LossCurve::at(double seconds) const {
  const auto after = std::ranges::lower_bound(points_, seconds, {}, &Point::seconds);
  if (after == points_.begin()) return after->loss;
  if (after == points_.end()) return points_.back().loss;
  const Point& before = *(after - 1);
  const double share = (seconds - before.seconds) / (after->seconds - before.seconds);
  return before.loss + share * (after->loss - before.loss);
}

void BatchSizeOptions::validate() const {
  if (sizes.empty() || std::ranges::min(sizes) == 0 || largest(sizes) == full_batch)
    throw usage_error("the batch sizes are not numbers from 1", "give some, such as 16,64,256");
  if (seeds == 0) throw usage_error("a sweep with 0 seeds trains nothing", "give 1 or more");
  training.validate();
  if (training.whole_batch())
    throw usage_error(fmt::format("{} takes all examples at every step", training.optimizer.name),
                      "sweep batch sizes with another optimizer");
}

BatchSizeSweep compare_batch_sizes(std::vector<BatchSizeRun> runs, std::size_t epochs) {
  BatchSizeSweep sweep{.epochs = epochs, .runs = std::move(runs)};
  if (sweep.runs.empty()) {
    sweep.reason = "no run came to its end";
    return sweep;
  }
  std::map<std::size_t, Runs> by_size;
  for (const BatchSizeRun& run : sweep.runs) by_size[run.size].push_back(&run);
  for (const auto& [size, of_size] : by_size) sweep.sizes.push_back(figures_of(of_size));
  sweep.seconds = std::numeric_limits<double>::infinity();
  for (const BatchSizeFigures& f : sweep.sizes)
    if (std::isfinite(f.loss_after_epochs.mean))
      sweep.seconds = std::min(sweep.seconds, f.seconds.mean);
  for (BatchSizeFigures& f : sweep.sizes)
    f.loss_after_seconds =
        over(by_size[f.size], [&](const BatchSizeRun& r) { return loss_after(r, sweep.seconds); });
  suggest(sweep);
  return sweep;
}

BatchSizeSweep sweep_batch_sizes(const Parts& parts, const BatchSizeOptions& options,
                                 Workers& workers,
                                 const std::function<void(const BatchSizeRun&)>& told,
                                 const std::atomic<bool>* interrupt) {
  options.validate();
  if (largest(options.sizes) > parts.train.size())
    throw usage_error(fmt::format("a batch of {} is more than the {} training examples",
                                  largest(options.sizes), parts.train.size()),
                      "leave such sizes out");
  TrainOptions training = options.training;
  training.seek_held_rate = false;
  if (training.epochs == 0) training.epochs = usual_epochs;
  training.patience = 0;
  const Parts used{.train = parts.train, .validation = parts.validation};
  std::vector<BatchSizeRun> runs;
  bool interrupted = false;
  // All sizes with one seed before the next seed: what else the machine does then meets all alike.
  for (std::size_t s = 0; s < options.seeds && !interrupted; ++s) {
    training.seed = options.training.seed + s;
    for (const std::size_t size : options.sizes) {
      training.batch_size = size;
      std::optional<BatchSizeRun> run = run_of(used, training, workers, interrupt);
      interrupted = !run;
      if (interrupted) break;
      if (told) told(*run);
      runs.push_back(std::move(*run));
    }
  }
  BatchSizeSweep sweep = compare_batch_sizes(std::move(runs), training.epochs);
  sweep.interrupted = interrupted;
  return sweep;
}

}  // namespace fallline::tune
