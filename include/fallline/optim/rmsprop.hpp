#pragma once

#include <cmath>
#include <cstddef>
#include <fallline/optim/ewma.hpp>
#include <fallline/optim/rate.hpp>
#include <fallline/optim/settings.hpp>
#include <optional>

namespace fallline {

/// The settings of RMSProp (Tieleman and Hinton, 2012, lecture 6e). Centred, it is `ScaleByStddev`
/// in place of `ScaleByRms`; with momentum, a `HeavyBall` behind either.
struct RmsProp {
  double decay = 0.9;      ///< β of the average of squares, 0 ≤ β < 1
  double eps = 1e-8;       ///< ε outside the root, ≥ 0
  double eps_root = 0;     ///< ε inside the root, ≥ 0
  double accumulator = 0;  ///< what the average starts at, ≥ 0
  bool bias_correction = false;

  void validate() const {
    optim::require_within(decay, 0, 1, "decay");
    optim::require_not_negative(eps, "eps");
    optim::require_not_negative(eps_root, "eps-root");
    optim::require_not_negative(accumulator, "accumulator");
    optim::require_denominator(eps + eps_root + accumulator);
  }

  static std::optional<RmsProp> of(Preset preset) {
    switch (preset) {
      case Preset::course:
      case Preset::optax:
        return RmsProp{.eps = 0, .eps_root = 1e-8};
      case Preset::torch:
        return RmsProp{.decay = 0.99};
      case Preset::tf1:
        return RmsProp{.eps = 0, .eps_root = 1e-10, .accumulator = 1};
      case Preset::standard:
        break;
    }
    return RmsProp{};
  }
};

/// s ← β s + (1−β) u²;  u ← u/(√(ŝ + ε_root) + ε)
struct ScaleByRms {
  RmsProp settings;

  static constexpr std::size_t slots = 1;
  void validate() const { settings.validate(); }
  [[nodiscard]] double initial(std::size_t /*slot*/) const { return settings.accumulator; }

  template <class T>
  [[nodiscard]] auto at(const Step& step) const {
    const double correction = settings.bias_correction ? debias(settings.decay, step.t) : 1;
    return [beta = Decay<T>(settings.decay), s_debias = static_cast<T>(correction),
            eps = static_cast<T>(settings.eps),
            eps_root = static_cast<T>(settings.eps_root)](T u, T& s) {
      s = ewma(s, u * u, beta);
      const T s_hat = s * s_debias;
      return u / (std::sqrt(s_hat + eps_root) + eps);
    };
  }
};

/// m ← β m + (1−β) u;  s ← β s + (1−β) u²;  u ← u/(√(ŝ − m̂² + ε_root) + ε)
/// (Graves, 2013, equations 38–45). A variance that rounding made negative counts as 0.
struct ScaleByStddev {
  RmsProp settings;

  static constexpr std::size_t slots = 2;
  void validate() const { settings.validate(); }
  [[nodiscard]] double initial(std::size_t slot) const {
    return slot == 0 ? 0 : settings.accumulator;
  }

  template <class T>
  [[nodiscard]] auto at(const Step& step) const {
    const double correction = settings.bias_correction ? debias(settings.decay, step.t) : 1;
    return [beta = Decay<T>(settings.decay), c = static_cast<T>(correction),
            eps = static_cast<T>(settings.eps),
            eps_root = static_cast<T>(settings.eps_root)](T u, T& m, T& s) {
      m = ewma(m, u, beta);
      s = ewma(s, u * u, beta);
      const T m_hat = m * c;
      const T variance = s * c - m_hat * m_hat;
      return u / (std::sqrt((variance < T(0) ? T(0) : variance) + eps_root) + eps);
    };
  }
};

[[nodiscard]] inline auto rmsprop(RmsProp r = {}) { return chain(ScaleByRms{r}, ScaleByRate{}); }

}  // namespace fallline
