// Each kernel by itself, on one thread: operations or bytes a second.
//
// Usage: bench_kernels [--benchmark_filter=REGEX] …        (the options of Google Benchmark)
//
// FALLLINE_ISA=baseline|avx2|avx512 limits the instruction set. `fallline bench` sets whole epochs
// and steps beside what the machine can do.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <fallline/fallline.hpp>
#include <span>
#include <vector>

#include "aligned.hpp"
#include "kernels/fixed_point.hpp"
#include "kernels/linear.hpp"
#include "kernels/losses.hpp"
#include "own_optimizer.hpp"

namespace {

namespace kernels = fallline::kernels;
using Floats = fallline::AlignedVector<float>;
using benchmark::State;

Floats random_floats(std::size_t n) {
  const fallline::Random random(1, fallline::Purpose::synthetic_set);
  Floats x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(random.uniform(i) - 0.5);
  return x;
}

void count_operations(State& state, std::size_t each) {
  using benchmark::Counter;
  state.counters["FLOP/s"] =
      Counter(static_cast<double>(each), Counter::kIsIterationInvariantRate, Counter::kIs1000);
}

void count_bytes(State& state, std::size_t each) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * each));
}

/// A batch of b rows, and buffers for both products: args are b, D, C and bytes a cell.
struct Products {
  explicit Products(const State& state)
      : examples(static_cast<std::size_t>(state.range(0))),
        features(static_cast<std::size_t>(state.range(1))),
        classes(static_cast<std::size_t>(state.range(2))),
        data(fallline::bench::synthetic(
            {.examples = examples,
             .features = features,
             .classes = classes,
             .cells = state.range(3) == 1 ? fallline::CellType::u8 : fallline::CellType::f32},
            workers)),
        panel{.classes = classes, .features = features},
        stage{.rows = kernels::blocks_of(examples) * kernels::block},
        mean(kernels::Panel{.classes = 1, .features = features}.size()),
        weights(random_floats(panel.size())),
        bias(classes),
        scores(random_floats(stage.rows * classes)),
        cells(stage.bytes(data.cells(), features)) {
    stage.cells = cells.data();
  }

  void forward() {
    const kernels::Rows rows{
        .pointers = data.rows(), .cells = data.cells(), .features = features, .mean = mean.data()};
    kernels::scores(rows, weights.data(), bias.data(), classes, scores.data(), stage);
  }
  void backward() {
    const kernels::StagedRows rows{.stage = stage,
                                   .count = examples,
                                   .cells = data.cells(),
                                   .features = features,
                                   .mean = mean.data()};
    kernels::add_outer(rows, scores.data(), classes, {.begin = 0, .end = panel.column_blocks()},
                       {.panel = weights.data()});
  }
  [[nodiscard]] std::size_t operations() const { return 2 * examples * features * classes; }

  fallline::Workers workers{1};
  std::size_t examples, features, classes;
  fallline::Dataset data;
  kernels::Panel panel;
  kernels::Stage stage;
  Floats mean, weights, bias, scores;
  fallline::AlignedVector<std::byte> cells;
};

void scores(State& state) {
  Products p(state);
  for (auto _ : state) {
    p.forward();
    benchmark::ClobberMemory();
  }
  count_operations(state, p.operations());
}

void add_outer(State& state) {
  Products p(state);
  for (auto _ : state) {
    p.backward();
    benchmark::ClobberMemory();
  }
  count_operations(state, p.operations());
}

/// The same in 16-bit fixed point, on bytes.
struct FixedProducts : Products {
  explicit FixedProducts(const State& state)
      : Products(state),
        shape{.classes = classes, .features = features},
        digits(mean_of_bytes(features)),
        unscaled(features, 1.0F),
        parameters(random_floats(classes * features)),
        panel16(shape.size()),
        score_scale(classes),
        slopes(stage.rows * classes),
        slope_scale(classes),
        sums(shape.size()) {
    round_weights();
    kernels::round_slopes(scores.data(), classes, examples, slopes.data(), slope_scale);
  }

  void forward() {
    const kernels::Rows rows{.pointers = data.rows(), .cells = data.cells(), .features = features};
    kernels::fixed_scores(rows, panel16.data(), score_scale, scores.data(), stage);
  }
  void backward() {
    const kernels::StagedRows rows{
        .stage = stage, .count = examples, .cells = data.cells(), .features = features};
    kernels::add_fixed_outer(rows, digits, slopes.data(), slope_scale,
                             {.begin = 0, .end = panel.column_blocks()}, {.panel = sums.data()});
  }
  void round_weights() {
    for (std::size_t c = 0; c < classes; ++c) {
      const auto [e, rounded] = kernels::round_class(shape, c, parameters.data(), unscaled.data(),
                                                     digits, panel16.data());
      score_scale[c] = kernels::ScoreScale::of(e, rounded, 0);
    }
  }

  static kernels::FixedMean mean_of_bytes(std::size_t features) {
    return kernels::FixedMean(std::vector<float>(features, 120.3F));
  }

  kernels::LinePanel shape;
  kernels::FixedMean digits;
  Floats unscaled, parameters;
  fallline::AlignedVector<std::int16_t> panel16;
  std::vector<kernels::ScoreScale> score_scale;
  fallline::AlignedVector<std::int16_t> slopes;
  std::vector<kernels::SlopeScale> slope_scale;
  Floats sums;
};

void fixed_scores(State& state) {
  FixedProducts p(state);
  for (auto _ : state) {
    p.forward();
    benchmark::ClobberMemory();
  }
  count_operations(state, p.operations());
}

void add_fixed_outer(State& state) {
  FixedProducts p(state);
  p.forward();
  for (auto _ : state) {
    p.backward();
    benchmark::ClobberMemory();
  }
  count_operations(state, p.operations());
}

void round_weights(State& state) {
  FixedProducts p(state);
  for (auto _ : state) {
    p.round_weights();
    benchmark::ClobberMemory();
  }
  count_bytes(state, p.shape.size() * (sizeof(float) + sizeof(std::int16_t)));
}

/// Batches of 64 and 256 on pictures, digits and a narrow table; bytes and floats; few and many
/// classes.
void shapes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"b", "D", "C", "cell"});
  b->Args({64, 3072, 10, 1})->Args({256, 3072, 10, 1})->Args({256, 3072, 10, 4});
  b->Args({256, 784, 10, 4})->Args({256, 28, 2, 4})->Args({256, 3072, 100, 1});
}
BENCHMARK(scores)->Apply(shapes);
BENCHMARK(add_outer)->Apply(shapes);

void shapes_of_bytes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"b", "D", "C", "cell"});
  b->Args({64, 3072, 10, 1})->Args({256, 3072, 10, 1})->Args({256, 784, 10, 1});
  b->Args({256, 3072, 2, 1})->Args({256, 3072, 100, 1});
}
BENCHMARK(fixed_scores)->Apply(shapes_of_bytes);
BENCHMARK(add_fixed_outer)->Apply(shapes_of_bytes);
BENCHMARK(round_weights)->Args({64, 3072, 10, 1});

/// 256 examples in blocks of 16.
void loss(State& state, fallline::LossKind kind) {
  constexpr std::size_t blocks = 16;
  const auto classes = static_cast<std::size_t>(state.range(0));
  const Floats f = random_floats(blocks * kernels::block * classes);
  Floats g;
  std::array<std::int32_t, kernels::block> labels{};
  Floats losses(kernels::block);
  const fallline::Loss loss{.kind = kind};
  for (auto _ : state) {
    g = f;
    for (std::size_t b = 0; b < blocks; ++b)
      kernels::gradients(loss,
                         {.scores = g.data() + b * kernels::block * classes,
                          .classes = classes,
                          .labels = labels.data(),
                          .count = kernels::block},
                         1, losses.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * blocks * kernels::block));
}
BENCHMARK_CAPTURE(loss, softmax, fallline::LossKind::softmax)->Arg(10)->Arg(100);
BENCHMARK_CAPTURE(loss, hinge, fallline::LossKind::hinge)->Arg(10)->Arg(100);
BENCHMARK_CAPTURE(loss, squared_hinge, fallline::LossKind::squared_hinge)->Arg(10)->Arg(100);

void dot(State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const Floats a = random_floats(n);
  fallline::optim::Dot<float> product(n);
  for (auto _ : state) benchmark::DoNotOptimize(product(a, a));
  count_operations(state, 2 * n);
}
BENCHMARK(dot)->Arg(30'730)->Arg(3'000'000);

/// CIFAR-10's parameters: the pass stays within the caches.
constexpr std::size_t parameters = 30'730;

void step(State& state, fallline::Optimizer<float>& optimizer) {
  const Floats g = random_floats(parameters);
  Floats w = g;
  std::uint64_t t = 0;
  for (auto _ : state) {
    optimizer.step({.t = ++t, .rate = 1e-6}, w, g, w, nullptr);
    benchmark::ClobberMemory();
  }
  count_bytes(state, sizeof(float) * parameters * (3 + 2 * optimizer.state().size()));
}

void add_steps() {
  for (const fallline::OptimizerInfo& info : fallline::optimizers()) {
    if (info.whole) continue;
    const std::string name(info.name);
    benchmark::RegisterBenchmark(("step/" + name).c_str(), [name](State& state) {
      step(state, *fallline::make_optimizer<float>({.name = name}, parameters));
    });
  }
  benchmark::RegisterBenchmark("step/adabelief (own)", [](State& state) {
    const auto own = fallline::chain(AdaBelief{}, fallline::ScaleByRate{});
    step(state, *fallline::make_optimizer<float>(own, parameters));
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* most = std::getenv("FALLLINE_ISA"))
    fallline::limit_instruction_set(fallline::instruction_set_named(most));
  benchmark::AddCustomContext("instruction_set",
                              std::string(fallline::name_of(fallline::instruction_set())));
  add_steps();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
