// An optimizer of one's own, in a chain with clipping and a schedule: one fused pass over memory.
#include "own_optimizer.hpp"

#include <cstdlib>
#include <iostream>

int main() {
  using namespace fallline;
  const auto optimizer = chain(ClipByNorm{.max = 10}, AdaBelief{}, ScaleByRate{});
  const auto bowl = [](std::span<const double> w, std::span<double> g) {
    g[0] = 2 * (w[0] - 3);
    g[1] = 200 * (w[1] + 1);
    return (w[0] - 3) * (w[0] - 3) + 100 * (w[1] + 1) * (w[1] + 1);
  };
  const auto found =
      minimize(bowl, std::vector{0.0, 0.0}, optimizer,
               {.learning_rate = 0.05, .schedule = schedule::Cosine{}, .max_steps = 1000});
  std::cout << found.report();
  return found.value < 1e-6 ? EXIT_SUCCESS : EXIT_FAILURE;
}
