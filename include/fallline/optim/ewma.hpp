#pragma once

#include <cmath>

namespace fallline {

/// One step of an exponentially weighted moving average.
///
///     a_t = β a_{t−1} + (1−β) x_t,   a_0 = 0
///
/// It averages over about 1/(1−β) values. This is the one average that momentum, RMSProp and Adam
/// are made of, and that smooths a loss curve.
template <class T>
[[nodiscard]] constexpr T ewma(T average, T x, T beta) {
  return beta * average + (T(1) - beta) * x;
}

/// One step of a decaying sum: the velocity of heavy-ball momentum.
///
///     a_t = μ a_{t−1} + x_t,   a_0 = 0
///
/// For constant β = μ it is the EWMA divided by 1−β; the two part ways when the rate changes.
template <class T>
[[nodiscard]] constexpr T trace(T sum, T x, T mu) {
  return mu * sum + x;
}

/// 1/(1−β^t), the factor that takes the pull of a_0 = 0 out of an EWMA after t ≥ 1 steps
/// (Kingma and Ba, 2015, section 3).
[[nodiscard]] inline double debias(double beta, double t) { return 1 / (1 - std::pow(beta, t)); }

}  // namespace fallline
