// expect: minimize: mean_of needs a function callable as double f\(std::span<const T> w
#include <fallline/optim/adam.hpp>
#include <fallline/optim/minimize.hpp>

#ifdef RIGHT
double f(std::span<const double> w, std::span<const std::size_t>, std::span<double> g) {
#else
double f(std::span<const double> w, std::span<double> g) {
#endif
  return g[0] = w[0];
}

int main() {
  const auto mean = fallline::mean_of(10, f);
  return fallline::minimize(mean, std::vector{1.0}, fallline::adam()).w.empty() ? 1 : 0;
}
