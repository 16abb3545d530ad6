// expect: chain: every part must be a link or a chain
#include <fallline/optim/rate.hpp>

struct Halve {
#ifdef RIGHT
  template <class T>
  auto at(const fallline::Step& /*step*/) const {
    return [](T u) { return u / 2; };
  }
#endif
  double factor = 0.5;
};

int main() { return fallline::chain(Halve{}, fallline::ScaleByRate{}).gain() > 0 ? 0 : 1; }
