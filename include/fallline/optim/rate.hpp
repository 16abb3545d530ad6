#pragma once

#include <fallline/optim/chain.hpp>

namespace fallline {

/// u ← α u, with the learning rate α in force. Momentum before it is rate · velocity, momentum
/// after it has the rate inside the velocity: the two part ways when the rate changes.
struct ScaleByRate {
  template <class T>
  [[nodiscard]] auto at(const Step& step) const {
    return [rate = static_cast<T>(step.rate)](T u) { return rate * u; };
  }
};

/// Plain gradient descent:  w ← w − α g.
[[nodiscard]] inline auto sgd() { return chain(ScaleByRate{}); }

}  // namespace fallline
