// expect: minimize: the function must be callable as double f\(std::span<const T> w
#include <fallline/optim/adam.hpp>
#include <fallline/optim/minimize.hpp>

#ifdef RIGHT
double f(std::span<const double> w, std::span<double> g) { return g[0] = w[0]; }
#else
double f(const std::vector<double>& w) { return w[0]; }
#endif

int main() { return fallline::minimize(f, std::vector{1.0}, fallline::adam()).w.empty() ? 1 : 0; }
