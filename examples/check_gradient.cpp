// Is my gradient right? Rosenbrock's function in four dimensions, and a mistake in its gradient.
#include <cstdlib>
#include <fallline/fallline.hpp>
#include <iostream>
#include <span>
#include <vector>

namespace {

// f(x) = Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)²
double rosenbrock(std::span<const double> x) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double off = x[i + 1] - x[i] * x[i];
    sum += 100 * off * off + (1 - x[i]) * (1 - x[i]);
  }
  return sum;
}

std::vector<double> gradient(std::span<const double> x) {
  std::vector<double> g(x.size());
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double off = x[i + 1] - x[i] * x[i];
    g[i] += -400 * off * x[i] - 2 * (1 - x[i]);
    g[i + 1] += 200 * off;
  }
  return g;
}

void report(const char* what, const fallline::GradientCheck& check) {
  const fallline::CheckedCoordinate& worst = check.worst.front();
  std::cout << what << ": " << name_of(check.verdict()) << "; coordinate " << worst.index << " is "
            << worst.analytic << " by calculus and " << worst.numerical << " by differences, error "
            << worst.error << '\n';
}

}  // namespace

int main() {
  using fallline::Verdict;
  std::vector<double> x{-1.2, 1.0, 0.5, 2.0};  // moved by the check, and put back to the bit
  std::vector<double> g = gradient(x);
  const auto right = fallline::check_gradient(rosenbrock, x, g);
  report("as it is", right);

  g[2] *= 1.01;
  const auto wrong = fallline::check_gradient(rosenbrock, x, g);
  report("with a mistake", wrong);

  const bool found = wrong.verdict() == Verdict::fail && wrong.worst.front().index == 2;
  return right.verdict() == Verdict::pass && found ? EXIT_SUCCESS : EXIT_FAILURE;
}
