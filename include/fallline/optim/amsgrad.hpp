#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <fallline/optim/ewma.hpp>
#include <fallline/optim/rate.hpp>
#include <fallline/optim/settings.hpp>
#include <optional>

namespace fallline {

/// AMSGrad (Reddi, Kale and Kumar, 2018, algorithm 2): Adam whose denominator never shrinks.
///
///     m, v as in Adam;   top ← max(top, v);   u = m̂/(√(top/(1−β₂^t)) + ε)
///
/// The paper corrects no bias and has no ε; this is PyTorch's form. Optax takes the largest of
/// the corrected v̂ instead.
struct AmsGrad {
  double beta1 = 0.9;    ///< 0 ≤ β₁ < 1
  double beta2 = 0.999;  ///< 0 ≤ β₂ < 1
  double eps = 1e-8;     ///< ε ≥ 0
  bool bias_correction = true;
  bool max_of_corrected = false;  ///< top ← max(top, v̂)

  static constexpr std::size_t slots = 3;
  void validate() const {
    optim::require_within(beta1, 0, 1, "beta1");
    optim::require_within(beta2, 0, 1, "beta2");
    optim::require_not_negative(eps, "eps");
    optim::require_denominator(eps);
  }

  template <class T>
  [[nodiscard]] auto at(const Step& step) const {
    const double c1 = bias_correction ? debias(beta1, step.t) : 1;
    const double c2 = bias_correction ? debias(beta2, step.t) : 1;
    return [b1 = Decay<T>(beta1), b2 = Decay<T>(beta2), m_debias = static_cast<T>(c1),
            before = static_cast<T>(max_of_corrected ? c2 : 1),
            after = static_cast<T>(max_of_corrected ? 1 : c2),
            eps = static_cast<T>(eps)](T g, T& m, T& v, T& top) {
      m = ewma(m, g, b1);
      v = ewma(v, g * g, b2);
      const T candidate = v * before;
      top = candidate > top ? candidate : top;
      const T m_hat = m * m_debias;
      return m_hat / (std::sqrt(top * after) + eps);
    };
  }

  static auto fields() {
    using F = Field<AmsGrad>;
    return std::array{F{"beta1", &AmsGrad::beta1}, F{"beta2", &AmsGrad::beta2},
                      F{"eps", &AmsGrad::eps}, F{"bias-correction", &AmsGrad::bias_correction},
                      F{"max-of-corrected", &AmsGrad::max_of_corrected}};
  }
  static std::optional<AmsGrad> of(Preset preset) {
    if (preset == Preset::course || preset == Preset::tf1) return std::nullopt;
    return AmsGrad{.max_of_corrected = preset == Preset::optax};
  }
};

[[nodiscard]] inline auto amsgrad(AmsGrad a = {}) { return chain(a, ScaleByRate{}); }

}  // namespace fallline
