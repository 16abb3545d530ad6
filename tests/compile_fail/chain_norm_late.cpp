// expect: chain: links that need the gradient's norm, such as ClipByNorm, come first
#include <fallline/optim/adam.hpp>
#include <fallline/optim/clip.hpp>

int main() {
#ifdef RIGHT
  const auto both = fallline::chain(fallline::ClipByNorm{.max = 1}, fallline::Adam{});
#else
  const auto both = fallline::chain(fallline::Adam{}, fallline::ClipByNorm{.max = 1});
#endif
  return both.needs_norm() ? 0 : 1;
}
