// Any differentiable function, minimised: Rosenbrock's valley by L-BFGS and by Adam.
#include <cmath>
#include <cstdlib>
#include <fallline/fallline.hpp>
#include <iostream>
#include <span>
#include <vector>

namespace {

// f(x, y) = 100 (y − x²)² + (1 − x)²: returns the value, writes the gradient.
double rosenbrock(std::span<const double> w, std::span<double> gradient) {
  const double off = w[1] - w[0] * w[0];
  const double away = 1 - w[0];
  gradient[0] = -400 * off * w[0] - 2 * away;
  gradient[1] = 200 * off;
  return 100 * off * off + away * away;
}

bool at_the_minimum(const fallline::Minimum<double>& found) {
  return std::abs(found.w[0] - 1) <= 1e-3 && std::abs(found.w[1] - 1) <= 1e-3;
}

}  // namespace

int main() {
  const std::vector start{-1.2, 1.0};

  const auto lbfgs = fallline::minimize(rosenbrock, start, fallline::Lbfgs{});
  std::cout << "L-BFGS\n" << lbfgs.report() << '\n';

  // A first-order method needs a learning rate, more steps, and a rule that ends it.
  const auto adam =
      fallline::minimize(rosenbrock, start, fallline::adam(),
                         {.learning_rate = 0.1, .max_steps = 20000, .gradient_tolerance = 1e-6});
  std::cout << "Adam\n" << adam.report();

  return at_the_minimum(lbfgs) && at_the_minimum(adam) ? EXIT_SUCCESS : EXIT_FAILURE;
}
