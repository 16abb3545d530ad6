// Gradient descent written out: data → score → loss → gradient → update → again.
#include <cstdlib>
#include <fallline/fallline.hpp>
#include <iostream>
#include <numeric>
#include <vector>

int main() {
  const fallline::Source data = fallline::embedded({.train = 2000, .test = 500});
  fallline::Workers workers;

  // The objective: L(W, b) = (1/n) Σ loss(W z + b, y) + l2·½‖W‖², with z = (x − mean)·scale.
  const auto z =
      fallline::Preprocessing::fit(fallline::PreprocessingKind::global, data.train, workers);
  const fallline::Loss loss{.kind = fallline::LossKind::softmax};
  const fallline::Penalty penalty{.l2 = 1e-3};
  fallline::BatchObjective training(data.train, z, loss, penalty, workers);
  fallline::BatchObjective testing(*data.test, z, loss, penalty, workers);

  // The descent: mini-batches of 100, and an optimizer that is a chain of formulas.
  fallline::Sampler sampler(training.size(), 100, fallline::Sampling::shuffle, /*seed=*/1);
  auto optimizer =
      fallline::stepper<float>(fallline::heavy_ball({.momentum = 0.9}), training.parameters());
  const double rate = 2e-4;

  std::vector<float> w(training.parameters());  // W row by row, then b; all zero
  std::vector<float> g(w.size());
  std::uint64_t step = 0;
  double first = 0;
  double last = 0;
  for (std::uint64_t epoch = 1; epoch <= 10; ++epoch) {
    sampler.begin_epoch(epoch);
    last = 0;
    for (std::size_t k = 0; k < sampler.steps_per_epoch(); ++k) {
      const auto batch = sampler.batch(k);                      // which examples
      const auto m = training.value_and_gradient(w, batch, g);  // score, loss, gradient
      optimizer.step({.t = ++step, .rate = rate}, w, g, w);     // w ← w − rate·u(g)
      last += m.objective() / static_cast<double>(sampler.steps_per_epoch());
    }
    if (epoch == 1) first = last;
    std::cout << "epoch " << epoch << "  cost " << last << '\n';
  }

  std::vector<std::size_t> all(testing.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const fallline::Measure test = testing.value(w, all);
  std::cout << "test accuracy " << test.accuracy() << '\n';
  return last < first && test.accuracy() > 0.2 ? EXIT_SUCCESS : EXIT_FAILURE;  // by chance: 0.1
}
