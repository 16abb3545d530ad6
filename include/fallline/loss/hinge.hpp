#pragma once

#include <cstddef>
#include <span>

namespace fallline {

/// Multiclass hinge loss of one example (Weston and Watkins, 1999).
///
///     m_j = f_j − f_y + Δ                L = Σ_{j≠y} max(0, m_j)
///     ∂L/∂f_j = 1[m_j > 0] for j ≠ y     ∂L/∂f_y = −(count of such j)
///
/// At a kink (m_j = 0) the subgradient 0 is taken. Parameters as of `softmax_loss`; Δ > 0.
template <class T>
[[nodiscard]] T hinge_loss(std::span<const T> f, std::size_t y, T delta, std::span<T> g = {}) {
  const T own = f[y] - delta;
  T loss = 0;
  T count = 0;
  for (std::size_t j = 0; j < f.size(); ++j) {
    const T margin = f[j] - own;
    // NaN is neither above 0 nor at most 0: it must reach the loss, not vanish.
    const bool active = j != y && !(margin <= 0);
    if (active) loss += margin;
    if (!g.empty()) g[j] = active ? T(1) : T(0);
    count += active ? T(1) : T(0);
  }
  if (!g.empty()) g[y] = -count;
  return loss;
}

/// Squared multiclass hinge loss of one example.
///
///     L = Σ_{j≠y} max(0, m_j)²           ∂L/∂f_j = 2 max(0, m_j), ∂L/∂f_y = −Σ_{j≠y} 2 max(0, m_j)
///
/// Smooth, unlike the hinge. Parameters as of `hinge_loss`.
template <class T>
[[nodiscard]] T squared_hinge_loss(std::span<const T> f, std::size_t y, T delta,
                                   std::span<T> g = {}) {
  const T own = f[y] - delta;
  T loss = 0;
  T sum = 0;
  for (std::size_t j = 0; j < f.size(); ++j) {
    const T margin = f[j] - own;
    const T m = j != y && !(margin <= 0) ? margin : T(0);
    loss += m * m;
    if (!g.empty()) g[j] = 2 * m;
    sum += 2 * m;
  }
  if (!g.empty()) g[y] = -sum;
  return loss;
}

}  // namespace fallline
