#include <algorithm>
#include <fallline/bench/step_meter.hpp>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <fallline/random.hpp>
#include <span>

#include "bench/loops.hpp"
#include "bench/turns.hpp"

namespace fallline::bench {
namespace {

constexpr std::size_t most_written = 4;

template <std::size_t k>
void update(const std::vector<std::unique_ptr<float[]>>& arrays, const float* gradient,
            std::size_t n, Workers& workers) {
  Update<k> body{.g = gradient, .x = {}, .s = 1e-9F};
  for (std::size_t j = 0; j < k; ++j) body.x[j] = arrays[j].get();
  sweep(body, n, workers);
}

/// A table of random numbers, over and over: drawing millions would take longer than the steps.
struct Cycle {
  const float* table;
  float* x;
  void operator()(std::size_t i) const { x[i] = table[i % length]; }
  static constexpr std::size_t length = 4096;
};

std::unique_ptr<float[]> random_gradient(std::size_t n, Workers& workers) {
  const Random random(1, Purpose::synthetic_set);
  std::vector<float> table(Cycle::length);
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = static_cast<float>(random.uniform(i) - 0.5);
  auto gradient = std::make_unique_for_overwrite<float[]>(n);
  sweep(Cycle{.table = table.data(), .x = gradient.get()}, n, workers);
  return gradient;
}

std::size_t in_memory(std::size_t parameters, std::uint64_t memory_limit) {
  if (parameters == 0) throw usage_error("there are no parameters to step on");
  require_memory(StepMeter::bytes(parameters), memory_limit, "steps of the optimizers",
                 "use fewer parameters");
  return parameters;
}

}  // namespace

StepMeter::StepMeter(std::size_t parameters, std::uint64_t memory_limit, Workers& workers)
    : parameters_(in_memory(parameters, memory_limit)),
      workers_(workers),
      gradient_(random_gradient(parameters, workers)) {
  for (std::size_t k = 0; k < most_written; ++k) arrays_.push_back(filled(parameters, 1, workers));
}

std::uint64_t StepMeter::bytes(std::size_t parameters) {
  return std::uint64_t{sizeof(float)} * parameters * (1 + most_written + most_written - 1);
}

double StepMeter::triad_seconds(std::size_t written) {
  using Run =
      void (*)(const std::vector<std::unique_ptr<float[]>>&, const float*, std::size_t, Workers&);
  constexpr Run triads[most_written] = {update<1>, update<2>, update<3>, update<4>};
  return seconds_of([&] { triads[written - 1](arrays_, gradient_.get(), parameters_, workers_); });
}

Measurement StepMeter::operator()(const std::string& name, Optimizer<float>& optimizer,
                                  std::size_t repeats) {
  const std::size_t written = 1 + optimizer.state().size();
  const std::size_t written_beside = std::min(written, most_written);
  const std::span<float> w(arrays_.front().get(), parameters_);
  const auto bytes = [this](std::size_t k) {
    return static_cast<double>(sizeof(float) * parameters_ * (2 * k + 1));
  };
  const auto look_at_peak = [&] { return bytes(written_beside) / triad_seconds(written_beside); };
  Turns turns;
  turns.add_peak(look_at_peak());
  for (std::size_t t = 1; t <= repeats + 1; ++t) {
    turns.add_seconds(seconds_of([&] {
      optimizer.step({.t = t, .rate = 1e-6}, w, {gradient_.get(), parameters_}, w, &workers_);
    }));
    turns.add_peak(look_at_peak());
  }
  turns.drop_first();
  return {.subject = Subject::optimizers,
          .instruction_set = instruction_set(),
          .threads = workers_.threads(),
          .cells = CellType::f32,
          .parameters = parameters_,
          .optimizer = name,
          .seconds = turns.seconds(),
          .unit = Unit::bytes,
          .work = bytes(written),
          .peak = turns.peak()};
}

}  // namespace fallline::bench
