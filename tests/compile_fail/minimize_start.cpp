// expect: minimize: the start must be a std::vector<float> or <double>
#include <fallline/optim/adam.hpp>
#include <fallline/optim/minimize.hpp>

#ifdef RIGHT
const std::vector start{1.0};
#else
const std::vector start{1};
#endif

double f(std::span<const double> w, std::span<double> g) { return g[0] = w[0]; }

int main() { return fallline::minimize(f, start, fallline::adam()).w.empty() ? 1 : 0; }
