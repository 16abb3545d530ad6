#pragma once

#include <cmath>
#include <span>

namespace fallline {

/// The penalty on the weights; the bias is never among them.
///
///     λ₂ · ½‖W‖² + λ₁ · ‖W‖₁          gradient  λ₂ W + λ₁ sign(W),  sign(0) = 0
///
/// Mind the ½: sources that leave it out mean twice this λ₂.
struct Penalty {
  double l2 = 0;  ///< λ₂ ≥ 0
  double l1 = 0;  ///< λ₁ ≥ 0

  [[nodiscard]] bool none() const { return l2 == 0 && l1 == 0; }

  /// The penalty of the weights `w`, summed in double.
  template <class T>
  [[nodiscard]] double value(std::span<const T> w) const {
    if (none()) return 0;
    double squares = 0;
    double sizes = 0;
    for (const T x : w) {
      squares += static_cast<double>(x) * x;
      sizes += std::abs(static_cast<double>(x));
    }
    return 0.5 * l2 * squares + l1 * sizes;
  }

  /// Adds the penalty's gradient at `w` to `g`.
  template <class T>
  void add_gradient(std::span<const T> w, std::span<T> g) const {
    if (none()) return;
    const T two = static_cast<T>(l2);
    const T one = static_cast<T>(l1);
    for (std::size_t i = 0; i < w.size(); ++i) {
      const T sign = static_cast<T>(w[i] > 0) - static_cast<T>(w[i] < 0);
      g[i] += two * w[i] + one * sign;
    }
  }

  bool operator==(const Penalty&) const = default;
};

}  // namespace fallline
