#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

namespace fallline {

/// What a unit makes of its sum x, y = φ(x).
enum class Activation : std::uint8_t { relu, leaky_relu, tanh, sigmoid, gelu };

[[nodiscard]] std::string_view name_of(Activation activation);
/// @throws Error(usage) that lists the names.
[[nodiscard]] Activation activation_named(std::string_view name);

/// Slope of a leaky ReLU below 0.
inline constexpr double leaky_slope = 0.01;

/// φ(x) in one number.
///
///     relu         max(0, x)                  Glorot, Bordes, Bengio 2011
///     leaky-relu   x > 0 ? x : 0.01 x         Maas, Hannun, Ng 2013
///     tanh         (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)
///     sigmoid      1/(1 + e⁻ˣ)
///     gelu         x Φ(x) = x/2 (1 + erf(x/√2))   Hendrycks, Gimpel 2016, eq. 1; not its tanh form
template <class T>
[[nodiscard]] T activate(Activation activation, T x) {
  switch (activation) {
    case Activation::relu:
      return x > 0 ? x : T(0);
    case Activation::leaky_relu:
      return x > 0 ? x : static_cast<T>(leaky_slope) * x;
    case Activation::tanh:
      return std::tanh(x);
    case Activation::sigmoid:
      return 1 / (1 + std::exp(-x));
    case Activation::gelu:
      break;
  }
  return x / 2 * (1 + std::erf(x * static_cast<T>(std::numbers::sqrt2 / 2)));
}

/// φ′(x) from x and y = φ(x); at the kink of a ReLU 0 and of a leaky one 0.01, as 1[0 > 0] = 0
/// asks.
///
///     relu 1[x > 0]   tanh 1 − y²   sigmoid y(1 − y)   gelu Φ(x) + x e^{−x²/2}/√(2π)
template <class T>
[[nodiscard]] T derivative(Activation activation, T x, T y) {
  switch (activation) {
    case Activation::relu:
      return x > 0 ? T(1) : T(0);
    case Activation::leaky_relu:
      return x > 0 ? T(1) : static_cast<T>(leaky_slope);
    case Activation::tanh:
      return 1 - y * y;
    case Activation::sigmoid:
      return y * (1 - y);
    case Activation::gelu:
      break;
  }
  constexpr T root_half = static_cast<T>(std::numbers::sqrt2 / 2);
  const T density = std::exp(-x * x / 2) * static_cast<T>(std::numbers::inv_sqrtpi) * root_half;
  return (1 + std::erf(x * root_half)) / 2 + x * density;
}

/// Whether φ is 0, or nearly, for half of its arguments: such layers start with larger weights.
[[nodiscard]] constexpr bool is_rectifier(Activation activation) {
  return activation != Activation::tanh && activation != Activation::sigmoid;
}

}  // namespace fallline
