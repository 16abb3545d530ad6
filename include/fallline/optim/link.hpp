#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fallline/error.hpp>
#include <fallline/optim/ewma.hpp>
#include <string>

namespace fallline {

// A link turns the update of one parameter into another. It is a plain struct of settings with
//
//   static constexpr std::size_t slots     numbers of state a parameter
//   void validate() const                  throws Error(usage) naming a field and its bound
//   gain()                                what it multiplies a constant update by in the long run
//   at<T>(t)                               the link at step t: constants worked out once, in
//   double,
//                                          called as  u = step(u, state…)  with `slots` references
//
// A chain of links is one loop over the parameters (chain.hpp); the compiler vectorises it.

namespace optim {

/// @throws Error(usage) unless low ≤ value < high.
inline void require_within(double value, double low, double high, const char* field) {
  if (value >= low && value < high) return;
  throw usage_error(
      std::string(field) + " is " + std::to_string(value),
      "it must be at least " + std::to_string(low) + " and less than " + std::to_string(high));
}

}  // namespace optim

/// Heavy-ball momentum (Polyak, 1964):  v ← μ v + u;  u ← v.
struct HeavyBall {
  double momentum = 0.9;  ///< μ, 0 ≤ μ < 1

  static constexpr std::size_t slots = 1;
  void validate() const { optim::require_within(momentum, 0, 1, "momentum"); }
  [[nodiscard]] double gain() const { return 1 / (1 - momentum); }

  template <class T>
  [[nodiscard]] auto at(std::uint64_t /*t*/) const {
    return [mu = static_cast<T>(momentum)](T u, T& v) { return v = trace(v, u, mu); };
  }
};

/// Momentum as an average of gradients:  v ← β v + (1−β) u;  u ← v, or v/(1−β^t) corrected.
struct EwmaMomentum {
  double beta = 0.9;  ///< 0 ≤ β < 1
  bool bias_correction = false;

  static constexpr std::size_t slots = 1;
  void validate() const { optim::require_within(beta, 0, 1, "beta"); }
  [[nodiscard]] static double gain() { return 1; }

  template <class T>
  [[nodiscard]] auto at(std::uint64_t t) const {
    const double correction = bias_correction ? debias(beta, static_cast<double>(t)) : 1.0;
    return [b = static_cast<T>(beta), c = static_cast<T>(correction)](T u, T& v) {
      v = ewma(v, u, b);
      return v * c;
    };
  }
};

}  // namespace fallline
