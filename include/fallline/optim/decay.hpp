#pragma once

#include <fallline/optim/link.hpp>

namespace fallline {

/// u ← u + λ w. Before an adaptive link it is an L2 penalty λ/2 ‖w‖²; after it, and before the
/// rate, it is decoupled weight decay, w ← (1 − αλ) w − α u (Loshchilov and Hutter, 2019).
struct AddDecayedWeights {
  double decay = 0;         ///< λ ≥ 0
  bool times_rate = false;  ///< u + α λ w, for links that stand behind the rate

  void validate() const { optim::require_not_negative(decay, "weight decay"); }

  template <class T>
  [[nodiscard]] auto at(const Step& step) const {
    return [decay = static_cast<T>(times_rate ? step.rate * decay : decay)](T u, T w) {
      return u + decay * w;
    };
  }
};

}  // namespace fallline
