#pragma once

#include <array>
#include <cstddef>
#include <fallline/optim/ewma.hpp>
#include <fallline/optim/rate.hpp>
#include <fallline/optim/settings.hpp>
#include <optional>

namespace fallline {

/// Lion (Chen et al., 2023, algorithm 2): the sign of an average, ±1 or 0 for every parameter.
///
///     u = sign(β₁ m + (1−β₁) g);   m ← β₂ m + (1−β₂) g
struct Lion {
  double beta1 = 0.9;   ///< 0 ≤ β₁ < 1
  double beta2 = 0.99;  ///< 0 ≤ β₂ < 1

  static constexpr std::size_t slots = 1;
  void validate() const {
    optim::require_within(beta1, 0, 1, "beta1");
    optim::require_within(beta2, 0, 1, "beta2");
  }

  template <class T>
  [[nodiscard]] auto at(const Step& /*step*/) const {
    return [b1 = Decay<T>(beta1), b2 = Decay<T>(beta2)](T g, T& m) {
      const T c = ewma(m, g, b1);
      m = ewma(m, g, b2);
      return c > T(0) ? T(1) : c < T(0) ? T(-1) : c;
    };
  }

  static auto fields() {
    return std::array{Field<Lion>{"beta1", &Lion::beta1}, Field<Lion>{"beta2", &Lion::beta2}};
  }
  static std::optional<Lion> of(Preset preset) {
    if (preset != Preset::standard && preset != Preset::optax) return std::nullopt;
    return Lion{};
  }
};

[[nodiscard]] inline auto lion(Lion l = {}) { return chain(l, ScaleByRate{}); }

}  // namespace fallline
