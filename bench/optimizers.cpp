// How near a step of each optimizer comes to the memory's bandwidth.
//
// Usage: bench_optimizers [PARAMETERS [THREADS [ROUNDS]]]      (30,000,000, all cores, 15)
//
// Beside each optimizer runs a triad with the same streams: one array is read, k arrays are read
// and written, x_j[i] = x_j[i] + s·g[i]. The two take turns, so that they meet the same machine;
// the medians of their bandwidths are compared.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fallline/fallline.hpp>
#include <fallline/optim/vectorize.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "own_optimizer.hpp"

namespace {

using Floats = std::vector<float>;
constexpr std::size_t piece = 32768;

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

/// x_j ← x_j + s g for k arrays.
template <std::size_t k>
struct Triad {
  const float* g;
  std::array<float*, k> x;
  float s;
  void operator()(std::size_t i) const {
    [&]<std::size_t... j>(std::index_sequence<j...>) { ((x[j][i] = x[j][i] + s * g[i]), ...); }
    (std::make_index_sequence<k>());
  }
};

template <std::size_t k>
void triad(std::vector<Floats>& arrays, const Floats& g, fallline::Workers& workers) {
  Triad<k> body{.g = g.data(), .x = {}, .s = 1e-9F};
  for (std::size_t j = 0; j < k; ++j) body.x[j] = arrays[j].data();
  const auto loop = fallline::optim::iterate_in<Triad<k>>(fallline::instruction_set());
  workers.for_each((g.size() + piece - 1) / piece, [&](std::size_t p) {
    loop(body, p * piece, std::min(g.size(), (p + 1) * piece));
  });
}

void triad_of(std::size_t k, std::vector<Floats>& arrays, const Floats& g,
              fallline::Workers& workers) {
  if (k == 1) triad<1>(arrays, g, workers);
  if (k == 2) triad<2>(arrays, g, workers);
  if (k == 3) triad<3>(arrays, g, workers);
  if (k == 4) triad<4>(arrays, g, workers);
}

struct Bench {
  std::size_t parameters;
  std::size_t rounds;
  fallline::Workers& workers;
  Floats gradient;

  void row(const std::string& name, fallline::Optimizer<float>& optimizer) {
    const std::size_t written = 1 + optimizer.state().size();
    Floats w(parameters, 1.0F);
    std::vector<Floats> arrays(written, Floats(parameters, 1.0F));
    std::vector<double> step;
    std::vector<double> reference;
    for (std::size_t t = 1; t <= rounds; ++t) {
      step.push_back(
          seconds_of([&] { optimizer.step({.t = t, .rate = 1e-3}, w, gradient, w, &workers); }));
      reference.push_back(seconds_of([&] { triad_of(written, arrays, gradient, workers); }));
    }
    const double bytes = 4e-9 * static_cast<double>(parameters * (2 * written + 1));
    const double s = median(step);
    const double r = median(reference);
    fmt::print("{:<16} {:>7} {:>9.2f} {:>9.1f} {:>9.1f} {:>8.1f} %\n", name, written, 1e3 * s,
               bytes / s, bytes / r, 100 * r / s);
  }
};

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int k, std::size_t otherwise) {
    return argc > k ? static_cast<std::size_t>(std::strtoull(argv[k], nullptr, 10)) : otherwise;
  };
  fallline::Workers workers(argument(2, 0));
  Bench bench{.parameters = argument(1, 30'000'000),
              .rounds = argument(3, 15),
              .workers = workers,
              .gradient = Floats(argument(1, 30'000'000))};
  const fallline::Random random(1, fallline::Purpose::search);
  for (std::size_t i = 0; i < bench.gradient.size(); ++i)
    bench.gradient[i] = static_cast<float>(random.uniform(i) - 0.5);

  fmt::print("{} float parameters, {} threads, {}\n\n", bench.parameters, workers.threads(),
             fallline::name_of(fallline::instruction_set()));
  fmt::print("{:<16} {:>7} {:>9} {:>9} {:>9} {:>10}\n", "optimizer", "written", "ms", "GB/s",
             "triad", "of triad");
  for (const fallline::OptimizerInfo& info : fallline::optimizers()) {
    if (info.whole) continue;
    const std::string name(info.name);
    bench.row(name, *fallline::make_optimizer<float>({.name = name}, bench.parameters));
  }
  const auto own = fallline::chain(AdaBelief{}, fallline::ScaleByRate{});
  bench.row("adabelief (own)", *fallline::make_optimizer<float>(own, bench.parameters));
}
