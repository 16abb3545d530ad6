#pragma once

#include <array>
#include <cstddef>
#include <fallline/optim/ewma.hpp>
#include <fallline/optim/rate.hpp>
#include <fallline/optim/settings.hpp>
#include <optional>

namespace fallline {

/// Heavy-ball momentum (Polyak, 1964):  v ← μ v + (1−d) u;  u ← v, with the first v = u.
///
/// The dampening d is PyTorch's, 0 for everyone else.
struct HeavyBall {
  double momentum = 0.9;  ///< μ, 0 ≤ μ < 1
  double dampening = 0;   ///< d, 0 ≤ d < 1

  static constexpr std::size_t slots = 1;
  void validate() const {
    optim::require_within(momentum, 0, 1, "momentum");
    optim::require_within(dampening, 0, 1, "dampening");
  }
  [[nodiscard]] double gain() const { return (1 - dampening) / (1 - momentum); }

  template <class T>
  [[nodiscard]] auto at(const Step& step) const {
    const double part = step.t == 1 ? 1 : 1 - dampening;
    return [mu = static_cast<T>(momentum), part = static_cast<T>(part)](T u, T& v) {
      return v = trace(v, part * u, mu);
    };
  }

  static auto fields() {
    return std::array{Field<HeavyBall>{"momentum", &HeavyBall::momentum},
                      Field<HeavyBall>{"dampening", &HeavyBall::dampening}};
  }
  static std::optional<HeavyBall> of(Preset preset) {
    if (preset == Preset::course) return std::nullopt;
    return HeavyBall{};
  }
};

/// Nesterov momentum as PyTorch, Optax and TensorFlow write it (Sutskever et al., 2013, with the
/// look-ahead point as the parameters):  v ← μ v + u;  u ← u + μ v.
struct Nesterov {
  double momentum = 0.9;  ///< μ, 0 ≤ μ < 1

  static constexpr std::size_t slots = 1;
  void validate() const { optim::require_within(momentum, 0, 1, "momentum"); }
  [[nodiscard]] double gain() const { return 1 / (1 - momentum); }

  template <class T>
  [[nodiscard]] auto at(const Step& /*step*/) const {
    return [mu = static_cast<T>(momentum)](T u, T& v) {
      v = trace(v, u, mu);
      return u + mu * v;
    };
  }

  static auto fields() { return std::array{Field<Nesterov>{"momentum", &Nesterov::momentum}}; }
  static std::optional<Nesterov> of(Preset preset) {
    if (preset == Preset::course) return std::nullopt;
    return Nesterov{};
  }
};

/// Momentum as an average:  v ← β v + (1−β) u;  u ← v, or v/(1−β^t) corrected.
struct EwmaMomentum {
  double momentum = 0.9;  ///< β, 0 ≤ β < 1
  bool bias_correction = false;

  static constexpr std::size_t slots = 1;
  void validate() const { optim::require_within(momentum, 0, 1, "momentum"); }
  [[nodiscard]] static double gain() { return 1; }

  template <class T>
  [[nodiscard]] auto at(const Step& step) const {
    const double correction = bias_correction ? debias(momentum, step.t) : 1;
    return [beta = Decay<T>(momentum), v_debias = static_cast<T>(correction)](T u, T& v) {
      v = ewma(v, u, beta);
      return v * v_debias;
    };
  }

  static auto fields() {
    return std::array{Field<EwmaMomentum>{"momentum", &EwmaMomentum::momentum},
                      Field<EwmaMomentum>{"bias-correction", &EwmaMomentum::bias_correction}};
  }
  static std::optional<EwmaMomentum> of(Preset preset) {
    if (preset != Preset::standard && preset != Preset::course) return std::nullopt;
    return EwmaMomentum{};
  }
};

[[nodiscard]] inline auto heavy_ball(HeavyBall m = {}) { return chain(m, ScaleByRate{}); }
[[nodiscard]] inline auto nesterov(Nesterov m = {}) { return chain(m, ScaleByRate{}); }
[[nodiscard]] inline auto ewma_momentum(EwmaMomentum m = {}) { return chain(m, ScaleByRate{}); }

}  // namespace fallline
