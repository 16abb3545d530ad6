#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/bench/bench.hpp>
#include <fallline/bench/synthetic.hpp>
#include <fallline/error.hpp>

#include "bench/epoch.hpp"

namespace fallline::bench {
namespace {

template <class T>
void require_some(const char* field, const std::vector<T>& list) {
  if (list.empty()) throw usage_error(fmt::format("{} is an empty list", field));
}

void require_sets_of_machine(const std::vector<InstructionSet>& sets) {
  for (const InstructionSet set : sets) (void)instruction_set_named(name_of(set));
}

void require_steppers(const Options& o) {
  for (const std::string& name : o.optimizers)
    if (optimizer_named(name).whole && o.measures(Subject::optimizers))
      throw usage_error(fmt::format("{} makes no steps on given gradients", name),
                        "measure its epochs, with the batch size full");
}

}  // namespace

bool Options::measures(Subject subject) const {
  return std::ranges::find(subjects, subject) != subjects.end();
}

void Options::validate() const {
  require_some("what is measured", subjects);
  require_some("threads", threads);
  require_some("examples", examples);
  require_some("features", features);
  require_some("classes", classes);
  require_some("batch sizes", batch_sizes);
  require_some("losses", losses);
  require_some("arithmetics", arithmetics);
  require_some("parameters", parameters);
  require_sets_of_machine(instruction_sets);
  constexpr std::size_t most_repeats = 10'000;
  if (repeats < 1 || repeats > most_repeats)
    throw usage_error(fmt::format("repeats is {}", repeats),
                      fmt::format("it must be 1 to {}", most_repeats));
  if (!std::isfinite(learning_rate) || learning_rate <= 0)
    throw usage_error(fmt::format("learning rate is {}", learning_rate),
                      "it must be finite and above 0");
  constexpr std::size_t most_parameters = std::size_t{1} << 40;
  for (const std::size_t p : parameters)
    if (p < 1 || p > most_parameters)
      throw usage_error(fmt::format("parameters is {}", p),
                        fmt::format("it must be 1 to {}", most_parameters));
  for (const SyntheticOptions& set : sets_of(*this)) set.validate();
  require_steppers(*this);
  if (measures(Subject::epoch))
    for (const TrainOptions& run : runs_of(*this)) run.validate();
}

std::vector<SyntheticOptions> sets_of(const Options& o) {
  std::vector<SyntheticOptions> sets;
  for (const std::size_t n : o.examples)
    for (const std::size_t d : o.features)
      for (const std::size_t c : o.classes)
        sets.push_back({.examples = n,
                        .features = d,
                        .classes = c,
                        .cells = o.cells,
                        .seed = o.seed,
                        .memory_limit = o.memory_limit});
  return sets;
}

std::vector<TrainOptions> runs_of(const Options& o) {
  const std::vector<std::string> optimizers =
      o.optimizers.empty() ? std::vector<std::string>{"sgd"} : o.optimizers;
  std::vector<TrainOptions> runs;
  for (const LossKind loss : o.losses)
    for (const std::string& optimizer : optimizers)
      for (const std::size_t batch_size : o.batch_sizes)
        for (const Arithmetic arithmetic : o.arithmetics)
          runs.push_back({.loss = {.kind = loss},
                          .optimizer = {.name = optimizer},
                          .learning_rate = optimizer_named(optimizer).whole ? 0 : o.learning_rate,
                          .batch_size = batch_size,
                          .epochs = o.repeats + 1,
                          .arithmetic = arithmetic,
                          .seed = o.seed,
                          .memory_limit = o.memory_limit});
  return runs;
}

}  // namespace fallline::bench
