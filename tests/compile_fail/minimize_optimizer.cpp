// expect: minimize: the optimizer must be a chain such as adam\(\), an Lbfgs, or OptimizerOptions
#include <fallline/optim/adam.hpp>
#include <fallline/optim/minimize.hpp>

#ifdef RIGHT
const auto optimizer = fallline::adam();
#else
const auto optimizer = fallline::Adam{};
#endif

double f(std::span<const double> w, std::span<double> g) { return g[0] = w[0]; }

int main() { return fallline::minimize(f, std::vector{1.0}, optimizer).w.empty() ? 1 : 0; }
