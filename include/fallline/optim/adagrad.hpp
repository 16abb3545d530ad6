#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <fallline/optim/rate.hpp>
#include <fallline/optim/settings.hpp>
#include <optional>

namespace fallline {

/// AdaGrad (Duchi, Hazan and Singer, 2011, section 1.1, diagonal):
///
///     s ← s + g²;   u = g/(√(s + ε_root) + ε)
///
/// While s is 0, u is.
struct AdaGrad {
  double eps = 1e-10;      ///< ε outside the root, ≥ 0
  double eps_root = 0;     ///< ε inside the root, ≥ 0
  double accumulator = 0;  ///< what s starts at, ≥ 0

  static constexpr std::size_t slots = 1;
  void validate() const {
    optim::require_not_negative(eps, "eps");
    optim::require_not_negative(eps_root, "eps-root");
    optim::require_not_negative(accumulator, "accumulator");
  }
  [[nodiscard]] double initial(std::size_t /*slot*/) const { return accumulator; }

  template <class T>
  [[nodiscard]] auto at(const Step& /*step*/) const {
    return [eps = static_cast<T>(eps), eps_root = static_cast<T>(eps_root)](T g, T& s) {
      s += g * g;
      const T scale = std::sqrt(s + eps_root) + eps;
      return s == T(0) ? T(0) : g / scale;
    };
  }

  static auto fields() {
    using F = Field<AdaGrad>;
    return std::array{F{"eps", &AdaGrad::eps}, F{"eps-root", &AdaGrad::eps_root},
                      F{"accumulator", &AdaGrad::accumulator}};
  }
  static std::optional<AdaGrad> of(Preset preset) {
    if (preset == Preset::course) return std::nullopt;
    if (preset == Preset::optax) return AdaGrad{.eps = 0, .eps_root = 1e-7, .accumulator = 0.1};
    if (preset == Preset::tf1) return AdaGrad{.eps = 0, .accumulator = 0.1};
    return AdaGrad{};
  }
};

[[nodiscard]] inline auto adagrad(AdaGrad a = {}) { return chain(a, ScaleByRate{}); }

}  // namespace fallline
