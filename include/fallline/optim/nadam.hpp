#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fallline/optim/ewma.hpp>
#include <fallline/optim/rate.hpp>
#include <fallline/optim/settings.hpp>
#include <optional>

namespace fallline {

/// NAdam (Dozat, 2016): Adam with Nesterov momentum, whose μ_t = β₁ (1 − ½·0.96^(tψ)) grows.
///
///     m ← β₁ m + (1−β₁) g;   v ← β₂ v + (1−β₂) g²
///     m̂ = μ_{t+1} m/(1 − μ₁⋯μ_{t+1}) + (1−μ_t) g/(1 − μ₁⋯μ_t);   u = m̂/(√v̂ + ε)
///
/// As in PyTorch, m has the constant β₁ (the paper has μ_t there too). With ψ = 0 here μ_t = β₁,
/// the form of Optax.
struct NAdam {
  double beta1 = 0.9;             ///< 0 ≤ β₁ < 1
  double beta2 = 0.999;           ///< 0 ≤ β₂ < 1
  double eps = 1e-8;              ///< ε ≥ 0
  double momentum_decay = 0.004;  ///< ψ ≥ 0

  static constexpr std::size_t slots = 2;
  void validate() const {
    optim::require_within(beta1, 0, 1, "beta1");
    optim::require_within(beta2, 0, 1, "beta2");
    optim::require_not_negative(eps, "eps");
    optim::require_denominator(eps);
    optim::require_not_negative(momentum_decay, "momentum-decay");
  }

  /// μ_t
  [[nodiscard]] double momentum(std::uint64_t t) const {
    if (momentum_decay == 0) return beta1;
    return beta1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(t) * momentum_decay));
  }

  template <class T>
  [[nodiscard]] auto at(const Step& step) const {
    const double product = momenta(step.t);
    const double now = momentum(step.t);
    const double next = momentum(step.t + 1);
    return [b1 = Decay<T>(beta1), b2 = Decay<T>(beta2),
            of_m = static_cast<T>(next / (1 - product * next)),
            of_g = static_cast<T>((1 - now) / (1 - product)),
            v_debias = static_cast<T>(debias(beta2, step.t)),
            eps = static_cast<T>(eps)](T g, T& m, T& v) {
      m = ewma(m, g, b1);
      v = ewma(v, g * g, b2);
      const T m_hat = of_m * m + of_g * g;
      const T v_hat = v * v_debias;
      return m_hat / (std::sqrt(v_hat) + eps);
    };
  }

  static auto fields() {
    using F = Field<NAdam>;
    return std::array{F{"beta1", &NAdam::beta1}, F{"beta2", &NAdam::beta2}, F{"eps", &NAdam::eps},
                      F{"momentum-decay", &NAdam::momentum_decay}};
  }
  static std::optional<NAdam> of(Preset preset) {
    if (preset == Preset::course || preset == Preset::tf1) return std::nullopt;
    if (preset == Preset::optax) return NAdam{.momentum_decay = 0};
    return NAdam{};
  }

 private:
  /// μ₁⋯μ_t, multiplied out: there is no short form. Once 1 minus it rounds to 1 the rest of the
  /// factors, some 400 into β₁ = 0.9, no longer matter.
  [[nodiscard]] double momenta(std::uint64_t t) const {
    const double factor = std::pow(0.96, momentum_decay);
    double product = 1;
    double power = 1;
    for (std::uint64_t k = 1; k <= t && product > 1e-20; ++k) {
      power *= factor;
      product *= momentum_decay == 0 ? beta1 : beta1 * (1 - 0.5 * power);
    }
    return product;
  }
};

[[nodiscard]] inline auto nadam(NAdam n = {}) { return chain(n, ScaleByRate{}); }

}  // namespace fallline
