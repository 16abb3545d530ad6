#pragma once

#include <cmath>
#include <cstdint>

namespace fallline {

/// The two weights of an exponentially weighted moving average: β for the average so far and 1−β
/// for the new value, each rounded from double. In float 1−β from a rounded β would be off by
/// 1e-5 of itself at β = 0.999.
template <class T>
struct Decay {
  explicit constexpr Decay(double beta)
      : keep(static_cast<T>(beta)), take(static_cast<T>(1 - beta)) {}
  T keep;
  T take;
};

/// One step of an exponentially weighted moving average.
///
///     a_t = β a_{t−1} + (1−β) x_t,   a_0 = 0
///
/// It averages over about 1/(1−β) values. This is the one average that momentum, RMSProp and Adam
/// are made of, and that smooths a loss curve.
template <class T>
[[nodiscard]] constexpr T ewma(T average, T x, Decay<T> beta) {
  return beta.keep * average + beta.take * x;
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
///
/// Where t(1−β) is small, β^t is near 1, and the difference keeps only the digits that rounding to
/// a double near 1 left: for β = 1 − 1e-6 and t ≤ 2000 it is off by up to 1.5e-11 of itself, expm1
/// by 3e-16. The first factor is written out so that the first step is that of the value itself.
[[nodiscard]] inline double debias(double beta, std::uint64_t t) {
  return t == 1 ? 1 / (1 - beta) : -1 / std::expm1(static_cast<double>(t) * std::log(beta));
}

/// The exponentially weighted moving average of a series: one number of state and a count.
///
///     v_t = β v_{t−1} + (1−β) x_t,   v_0 = 0;      corrected v_t/(1−β^t)
///
/// It averages over about `window()` = 1/(1−β) values: after so many steps the weight of a value
/// has fallen to about 1/e (β^{1/(1−β)}: 0.25 at β = 0.5, 0.349 at 0.9, 0.364 at 0.98). v_t leans
/// to 0 for about as long; corrected it is the weighted mean of what came so far, and a constant
/// series is its own average from the first value on.
///
///     Ewma average(0.98);
///     for (double loss : losses) std::cout << (average.add(loss), average.corrected()) << '\n';
class Ewma {
 public:
  /// @throws Error(usage) unless 0 ≤ beta < 1.
  explicit Ewma(double beta);

  /// Takes a value in. One that is NaN or infinite counts as missing: it changes nothing, not even
  /// the count, as taken in it would spoil every average after it.
  void add(double x) {
    if (!std::isfinite(x)) return;
    average_ = ewma(average_, x, Decay<double>(beta_));
    ++count_;
  }

  /// v_t; 0 before the first value.
  [[nodiscard]] double value() const { return average_; }

  /// v_t/(1−β^t); NaN before the first value.
  [[nodiscard]] double corrected() const {
    return count_ == 0 ? std::nan("") : average_ * debias(beta_, count_);
  }

  /// t, the number of values taken in.
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double beta() const { return beta_; }
  [[nodiscard]] double window() const { return 1 / (1 - beta_); }

 private:
  double beta_;
  double average_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace fallline
