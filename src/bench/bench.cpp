#include <algorithm>
#include <fallline/bench/bench.hpp>
#include <fallline/bench/step_meter.hpp>
#include <fallline/memory.hpp>
#include <utility>

#include "bench/epoch.hpp"

namespace fallline::bench {
namespace {

/// Puts the instruction set back that was in force.
class InForce {
 public:
  InForce() = default;
  ~InForce() { limit_instruction_set(before_); }
  InForce(const InForce&) = delete;
  InForce& operator=(const InForce&) = delete;

 private:
  InstructionSet before_ = instruction_set();
};

class Bench {
 public:
  Bench(const Options& options, const std::function<void(const Finding&)>& told)
      : options_(options), told_(told) {}

  void measure_machines() {
    if (!options_.measures(Subject::machine)) return;
    on_each_machine([this](Workers& workers) {
      result_.machines.push_back(measure_machine(workers, options_.memory_limit));
      tell(result_.machines.back());
    });
  }

  void measure_synthetic_sets() {
    if (!options_.measures(Subject::epoch) && !options_.measures(Subject::evaluation)) return;
    for (const SyntheticOptions& set : sets_of(options_)) {
      Workers workers;
      measure_set(synthetic(set, workers));
    }
  }

  void measure_set(const Dataset& data) {
    on_each_machine([&](Workers& workers) {
      if (options_.measures(Subject::epoch))
        for (const TrainOptions& run : runs_of(options_)) keep(measure_epoch(data, run, workers));
      if (options_.measures(Subject::evaluation))
        for (const LossKind loss : options_.losses)
          keep(measure_evaluation(data, loss, options_, workers));
    });
  }

  void measure_steps() {
    if (!options_.measures(Subject::optimizers)) return;
    for (const std::size_t parameters : options_.parameters)
      on_each_machine([&](Workers& workers) {
        StepMeter meter(parameters, options_.memory_limit, workers);
        for (const std::string& name : steppers())
          keep(meter(name, *make_optimizer<float>({.name = name}, parameters), options_.repeats));
      });
  }

  [[nodiscard]] Result take() && { return std::move(result_); }

 private:
  template <class Work>
  void on_each_machine(Work work) {
    const InForce kept;
    const std::vector<InstructionSet> sets = options_.instruction_sets.empty()
                                                 ? std::vector{instruction_set()}
                                                 : options_.instruction_sets;
    for (const InstructionSet set : sets) {
      limit_instruction_set(set);
      for (const std::size_t threads : options_.threads) {
        Workers workers(threads);
        work(workers);
      }
    }
  }

  [[nodiscard]] std::vector<std::string> steppers() const {
    if (!options_.optimizers.empty()) return options_.optimizers;
    std::vector<std::string> names;
    for (const OptimizerInfo& info : optimizers())
      if (!info.whole) names.emplace_back(info.name);
    return names;
  }

  void keep(Measurement measurement) {
    result_.measurements.push_back(std::move(measurement));
    tell(result_.measurements.back());
  }

  void tell(const Finding& finding) const {
    if (told_) told_(finding);
  }

  const Options& options_;
  const std::function<void(const Finding&)>& told_;
  Result result_;
};

/// What comes last must not be refused after an hour.
void require_room(const Options& o, bool synthetic_sets) {
  if (o.measures(Subject::optimizers))
    require_memory(StepMeter::bytes(std::ranges::max(o.parameters)), o.memory_limit,
                   "steps of the optimizers", "use fewer parameters");
  if (synthetic_sets && (o.measures(Subject::epoch) || o.measures(Subject::evaluation)))
    for (const SyntheticOptions& set : sets_of(o))
      require_memory(set.bytes(), o.memory_limit, "the synthetic set",
                     "use fewer examples or features");
}

}  // namespace

Result run(const Options& options, const std::optional<Dataset>& data,
           const std::function<void(const Finding&)>& told) {
  options.validate();
  for (const Arithmetic arithmetic : options.arithmetics)
    for (const std::size_t features : data ? std::vector{data->features()} : options.features)
      require_arithmetic(arithmetic, data ? data->cells() : options.cells, features);
  require_room(options, !data);
  Bench bench(options, told);
  bench.measure_machines();
  if (data)
    bench.measure_set(*data);
  else
    bench.measure_synthetic_sets();
  bench.measure_steps();
  return std::move(bench).take();
}

}  // namespace fallline::bench
