#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <fallline/optim/ewma.hpp>
#include <fallline/optim/rate.hpp>
#include <fallline/optim/settings.hpp>
#include <optional>

namespace fallline {

/// AdaDelta (Zeiler, 2012, algorithm 1):
///
///     s ← ρ s + (1−ρ) g²;   u = √(d + ε)/√(s + ε) · g;   d ← ρ d + (1−ρ) u²
///
/// The paper has no rate: its rate is 1. ε inside both roots starts the descent.
struct AdaDelta {
  double rho = 0.9;   ///< 0 ≤ ρ < 1
  double eps = 1e-6;  ///< ε > 0

  static constexpr std::size_t slots = 2;
  void validate() const {
    optim::require_within(rho, 0, 1, "rho");
    optim::require_positive(eps, "eps");
  }

  template <class T>
  [[nodiscard]] auto at(const Step& /*step*/) const {
    return [rho = Decay<T>(this->rho), eps = static_cast<T>(eps)](T g, T& s, T& d) {
      s = ewma(s, g * g, rho);
      const T u = std::sqrt(d + eps) / std::sqrt(s + eps) * g;
      d = ewma(d, u * u, rho);
      return u;
    };
  }

  static auto fields() {
    return std::array{Field<AdaDelta>{"rho", &AdaDelta::rho},
                      Field<AdaDelta>{"eps", &AdaDelta::eps}};
  }
  static std::optional<AdaDelta> of(Preset preset) {
    if (preset == Preset::course) return std::nullopt;
    if (preset == Preset::tf1) return AdaDelta{.rho = 0.95, .eps = 1e-8};
    return AdaDelta{};
  }
};

[[nodiscard]] inline auto adadelta(AdaDelta a = {}) { return chain(a, ScaleByRate{}); }

}  // namespace fallline
