#include "bench/epoch.hpp"

#include <chrono>
#include <fallline/error.hpp>
#include <fallline/objective/evaluation.hpp>
#include <fallline/random.hpp>
#include <fallline/train/train.hpp>

#include "bench/loops.hpp"
#include "bench/turns.hpp"

namespace fallline::bench {
namespace {

/// Times epochs, the first from the start of the run, with a look at the peak between them.
class EpochClock : public Listener {
 public:
  explicit EpochClock(Workers& workers) : workers_(workers) {}

  void on(const Event& event) override {
    const auto* started = std::get_if<RunStarted>(&event);
    if (started != nullptr) arithmetic_ = started->plan.arithmetic;
    const bool ended = std::holds_alternative<EpochEnded>(event);
    if (ended) turns_.add_seconds(std::chrono::duration<double>(Clock::now() - last_).count());
    if (!ended && started == nullptr) return;
    turns_.add_peak(peak_flops(workers_));
    last_ = Clock::now();
  }
  [[nodiscard]] Turns& turns() { return turns_; }
  [[nodiscard]] const Turns& turns() const { return turns_; }
  [[nodiscard]] Arithmetic arithmetic() const { return arithmetic_; }

 private:
  using Clock = std::chrono::steady_clock;
  Workers& workers_;
  Clock::time_point last_;
  Turns turns_;
  Arithmetic arithmetic_ = Arithmetic::floats;
};

EpochClock epochs_of(const Dataset& data, const TrainOptions& run, Workers& workers) {
  EpochClock clock(workers);
  Listener* const listeners[] = {&clock};
  const TrainResult result = train({.train = data}, run, workers, listeners);
  if (result.stopped_being_finite()) throw Error(ErrorKind::diverged, result.message);
  clock.turns().drop_first();
  return clock;
}

Turns evaluations_of(const Dataset& data, const Classifier& model, std::size_t repeats,
                     Workers& workers) {
  Turns turns;
  turns.add_peak(peak_flops(workers));
  for (std::size_t k = 0; k <= repeats; ++k) {
    turns.add_seconds(seconds_of([&] { (void)evaluate(model, data, workers); }));
    turns.add_peak(peak_flops(workers));
  }
  turns.drop_first();
  return turns;
}

Measurement beside_peak(const Dataset& data, double operations_per_cell, const Turns& turns,
                        const Workers& workers) {
  return {.data = data.name(),
          .instruction_set = instruction_set(),
          .threads = workers.threads(),
          .examples = data.size(),
          .features = data.features(),
          .classes = data.classes(),
          .cells = data.cells(),
          .seconds = turns.seconds(),
          .work = operations_per_cell * static_cast<double>(data.classes()) *
                  static_cast<double>(data.features()) * static_cast<double>(data.size()),
          .peak = turns.peak()};
}

Classifier random_model(const Dataset& data, LossKind loss, std::uint64_t seed, Workers& workers) {
  Classifier model{.network = Network(data.classes(), data.features()),
                   .preprocessing = Preprocessing::fit(PreprocessingKind::automatic, data, workers),
                   .loss = {.kind = loss},
                   .schema = data.schema()};
  const Random random(seed, Purpose::initial_weights);
  model.parameters.resize(model.network.parameters());
  for (std::size_t i = 0; i < model.parameters.size(); ++i)
    model.parameters[i] = static_cast<float>(1e-4 * random.normal(i));
  return model;
}

}  // namespace

Measurement measure_epoch(const Dataset& data, const TrainOptions& run, Workers& workers) {
  constexpr double forward_and_backward = 4;
  const EpochClock clock = epochs_of(data, run, workers);
  Measurement found = beside_peak(data, forward_and_backward, clock.turns(), workers);
  found.subject = Subject::epoch;
  found.batch_size =
      run.whole_batch() ? data.size() : resolve_batch_size(run.batch_size, data.size());
  found.loss = name_of(run.loss.kind);
  found.optimizer = run.optimizer.name;
  found.arithmetic = name_of(clock.arithmetic());
  return found;
}

Measurement measure_evaluation(const Dataset& data, LossKind loss, const Options& options,
                               Workers& workers) {
  constexpr double forward = 2;
  const Classifier model = random_model(data, loss, options.seed, workers);
  Measurement found =
      beside_peak(data, forward, evaluations_of(data, model, options.repeats, workers), workers);
  found.subject = Subject::evaluation;
  found.arithmetic = name_of(Arithmetic::floats);
  found.loss = name_of(loss);
  return found;
}

}  // namespace fallline::bench
