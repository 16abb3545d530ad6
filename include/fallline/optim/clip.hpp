#pragma once

#include <cmath>
#include <fallline/optim/link.hpp>
#include <limits>

namespace fallline {

/// u ← u within [−max, max], each number by itself. NaN stays NaN.
struct ClipByValue {
  double max = std::numeric_limits<double>::infinity();  ///< > 0

  void validate() const { optim::require_positive(max, "clip value"); }

  template <class T>
  [[nodiscard]] auto at(const Step& /*step*/) const {
    return [max = static_cast<T>(max)](T u) { return u > max ? max : u < -max ? -max : u; };
  }
};

/// g ← g · min(1, max/‖g‖), ‖g‖ over all parameters (Pascanu, Mikolov and Bengio, 2013,
/// algorithm 1). It reads the norm of the gradient as it came: links that change it come later.
struct ClipByNorm {
  double max = std::numeric_limits<double>::infinity();  ///< > 0

  void validate() const { optim::require_positive(max, "clip norm"); }
  [[nodiscard]] bool needs_norm() const { return std::isfinite(max); }

  template <class T>
  [[nodiscard]] auto at(const Step& step) const {
    const double scale = step.gradient_norm > max ? max / step.gradient_norm : 1.0;
    return [scale = static_cast<T>(scale)](T u) { return scale * u; };
  }
};

}  // namespace fallline
