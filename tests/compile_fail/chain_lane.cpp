// expect: chain: at<T>\(step\) of a link must return a function of one lane
#include <fallline/optim/rate.hpp>

struct Sum {
#ifdef RIGHT
  static constexpr std::size_t slots = 1;  // the sum; without it there is nothing to pass for it
#endif
  template <class T>
  auto at(const fallline::Step& /*step*/) const {
    return [](T u, T& sum) { return sum += u; };
  }
};

int main() { return fallline::chain(Sum{}, fallline::ScaleByRate{}).gain() > 0 ? 0 : 1; }
