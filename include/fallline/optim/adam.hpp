#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <fallline/optim/decay.hpp>
#include <fallline/optim/ewma.hpp>
#include <fallline/optim/rate.hpp>
#include <fallline/optim/settings.hpp>
#include <optional>

namespace fallline {

/// Adam (Kingma and Ba, 2015, algorithm 1): a bias-corrected average of g over the root of a
/// bias-corrected average of g².
///
///     m ← β₁ m + (1−β₁) g;   v ← β₂ v + (1−β₂) g²;   u = m̂/(√(v̂ + ε_root) + ε)
///
/// The first step has the size of the rate, whatever the size of the gradient.
struct Adam {
  double beta1 = 0.9;    ///< 0 ≤ β₁ < 1
  double beta2 = 0.999;  ///< 0 ≤ β₂ < 1
  double eps = 1e-8;     ///< ε outside the root, ≥ 0
  double eps_root = 0;   ///< ε inside the root, ≥ 0
  bool bias_correction = true;
  /// ε beside the root of the uncorrected v: the ε̂ of the paper's section 2, 1/√(1−β₂) ≈ 31.6
  /// times as large at the first step.
  bool eps_uncorrected = false;

  static constexpr std::size_t slots = 2;
  void validate() const {
    optim::require_within(beta1, 0, 1, "beta1");
    optim::require_within(beta2, 0, 1, "beta2");
    optim::require_not_negative(eps, "eps");
    optim::require_not_negative(eps_root, "eps-root");
    optim::require_denominator(eps + eps_root);
  }

  template <class T>
  [[nodiscard]] auto at(const Step& step) const {
    const double c1 = bias_correction ? debias(beta1, step.t) : 1;
    const double c2 = bias_correction ? debias(beta2, step.t) : 1;
    const double scaled = eps_uncorrected ? eps * std::sqrt(c2) : eps;
    return [b1 = Decay<T>(beta1), b2 = Decay<T>(beta2), m_debias = static_cast<T>(c1),
            v_debias = static_cast<T>(c2), eps = static_cast<T>(scaled),
            eps_root = static_cast<T>(eps_root)](T g, T& m, T& v) {
      m = ewma(m, g, b1);
      v = ewma(v, g * g, b2);
      const T m_hat = m * m_debias;
      const T v_hat = v * v_debias;
      return m_hat / (std::sqrt(v_hat + eps_root) + eps);
    };
  }

  static auto fields() {
    using F = Field<Adam>;
    return std::array{F{"beta1", &Adam::beta1},
                      F{"beta2", &Adam::beta2},
                      F{"eps", &Adam::eps},
                      F{"eps-root", &Adam::eps_root},
                      F{"bias-correction", &Adam::bias_correction},
                      F{"eps-uncorrected", &Adam::eps_uncorrected}};
  }
  static std::optional<Adam> of(Preset preset) {
    if (preset == Preset::course) return Adam{.eps = 0, .eps_root = 1e-8};
    if (preset == Preset::tf1) return Adam{.eps_uncorrected = true};
    return Adam{};
  }
};

/// AdamW (Loshchilov and Hutter, 2019, algorithm 2): Adam with decoupled weight decay,
/// w ← w − α (u + λ w).
struct AdamW {
  Adam adam;
  double decay = 0.01;  ///< λ ≥ 0
};

[[nodiscard]] inline auto adam(Adam a = {}) { return chain(a, ScaleByRate{}); }
[[nodiscard]] inline auto adamw(AdamW a = {}) {
  return chain(a.adam, AddDecayedWeights{a.decay}, ScaleByRate{});
}

}  // namespace fallline
