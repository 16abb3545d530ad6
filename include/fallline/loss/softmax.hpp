#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace fallline {

/// p_j = e^{f_j} / Σ_k e^{f_k} into `p`, which may be `f` itself; returns log Σ_k e^{f_k}.
///
/// The largest score is taken out of the exponentials first, so that no finite score overflows.
template <class T>
T softmax(std::span<const T> f, std::span<T> p) {
  T top = f[0];
  for (const T score : f) top = score > top ? score : top;
  T sum = 0;
  for (std::size_t j = 0; j < f.size(); ++j) sum += p[j] = std::exp(f[j] - top);
  for (T& share : p) share /= sum;
  return std::log(sum) + top;
}

/// Softmax cross-entropy of one example.
///
///     p_j = e^{f_j} / Σ_k e^{f_k}        L = −log p_y = −f_y + log Σ_j e^{f_j}
///     ∂L/∂f_j = p_j − 1[j = y]
///
/// The largest score is taken out of the exponentials first, so that no finite score overflows.
///
/// @param f  C scores
/// @param y  the class, 0..C-1
/// @param g  C numbers for ∂L/∂f, or empty where only the loss is wanted; may be `f` itself
/// @return L ≥ 0; NaN where a score is NaN, and not finite where one is +∞ or the class's own is −∞
template <class T>
[[nodiscard]] T softmax_loss(std::span<const T> f, std::size_t y, std::span<T> g = {}) {
  T top = f[0];
  for (const T score : f) top = score > top ? score : top;
  const T own = f[y] - top;
  T sum = 0;
  for (std::size_t j = 0; j < f.size(); ++j) {
    const T e = std::exp(f[j] - top);
    sum += e;
    if (!g.empty()) g[j] = e;
  }
  for (T& p : g) p /= sum;
  if (!g.empty()) g[y] -= 1;
  return std::log(sum) - own;
}

}  // namespace fallline
