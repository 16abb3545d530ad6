#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <fallline/instruction_set.hpp>
#include <fallline/optim/vectorize.hpp>
#include <fallline/workers.hpp>
#include <memory>
#include <utility>

namespace fallline::bench {

/// Seconds that a call takes.
template <class Work>
double seconds_of(Work&& work) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// body(i) for i in [0, n), vectorised, in pieces of the same size as the optimizers'.
template <class Body>
void sweep(const Body& body, std::size_t n, Workers& workers) {
  constexpr std::size_t piece = 32768;
  const auto loop = optim::iterate_in<Body>(instruction_set());
  workers.for_each((n + piece - 1) / piece,
                   [&](std::size_t p) { loop(body, p * piece, std::min(n, (p + 1) * piece)); });
}

struct Fill {
  float* x;
  float value;
  void operator()(std::size_t i) const { x[i] = value; }
};

/// n floats that the workers, and not the caller, were the first to touch.
inline std::unique_ptr<float[]> filled(std::size_t n, float value, Workers& workers) {
  auto x = std::make_unique_for_overwrite<float[]>(n);
  sweep(Fill{.x = x.get(), .value = value}, n, workers);
  return x;
}

/// a ← b + s c
struct Triad {
  float* a;
  const float* b;
  const float* c;
  float s;
  void operator()(std::size_t i) const { a[i] = b[i] + s * c[i]; }
};

/// x_j ← x_j + s g for k arrays. All are read before any is written: arrays that lie alike in their
/// pages would make a load wait for the store before it.
template <std::size_t k>
struct Update {
  const float* g;
  std::array<float*, k> x;
  float s;
  void operator()(std::size_t i) const {
    [&]<std::size_t... j>(std::index_sequence<j...>) {
      const float next[] = {x[j][i] + s * g[i]...};
      ((x[j][i] = next[j]), ...);
    }
    (std::make_index_sequence<k>());
  }
};

}  // namespace fallline::bench
