// expect: minimize: the function must be callable as double f.*, T as in the start
#include <fallline/optim/adam.hpp>
#include <fallline/optim/minimize.hpp>

#ifdef RIGHT
const std::vector<double> start{1};
#else
const std::vector<float> start{1};
#endif

double f(std::span<const double> w, std::span<double> g) { return g[0] = w[0]; }

int main() { return fallline::minimize(f, start, fallline::adam()).w.empty() ? 1 : 0; }
