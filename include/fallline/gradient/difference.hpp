#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fallline/gradient/scheme.hpp>
#include <limits>
#include <span>

namespace fallline {

/// A derivative by differences, and how far off it may be by itself.
struct Difference {
  double value = 0;
  double error = 0;  ///< rounding of the values of f; of Ridders' scheme also what it leaves
};

/// df/dx_i at x by differences of f. Only x[i] is touched, and it is as it was afterwards, to the
/// bit. The step is h·max(1, |x_i|): relative for large numbers, absolute for small ones.
///
///     forward   (f(x + h) − f(x)) / h                          error O(h)
///     central   (f(x + h) − f(x − h)) / 2h                     error O(h²)
///     Ridders   central differences for h, h/2, h/4 …, extrapolated to h = 0: a polynomial in h²
///               through the first k of them, the k whose two neighbours in the tableau are nearest
///
/// f(x) itself is asked for once: as long as this is used x is to stay as it is, and a gradient by
/// forward differences costs P + 1 evaluations.
///
/// Ridders, "Accurate computation of F′(x) and F′(x)F″(x)", Advances in Engineering Software 4
/// (1982) 75–76; the tableau is Neville's. The differences are divided by the step that x + h and
/// x − h really are apart.
///
/// @tparam T  of the coordinates; @tparam F  f(std::span<const T>) → a number
template <class T, class F>
class Differences {
 public:
  Differences(F f, std::span<T> x) : f_(std::move(f)), x_(x) {}

  [[nodiscard]] Difference operator()(std::size_t i, Scheme scheme, double step) {
    const double h = step * std::max(1.0, std::abs(static_cast<double>(x_[i])));
    switch (scheme) {
      case Scheme::forward:
        return between(i, 0, h);
      case Scheme::ridders:
        return ridders(i, h);
      case Scheme::central:
        break;
    }
    return between(i, -h, h);
  }

  /// (f(x + above) − f(x + below)) / (above − below) in coordinate i.
  [[nodiscard]] Difference between(std::size_t i, double below, double above) {
    const T before = x_[i];
    const Point high = above == 0 ? here(before) : at(i, before, above);
    const Point low = below == 0 ? here(before) : at(i, before, below);
    const double width = high.x - low.x;
    const double rounding = 4 * static_cast<double>(std::numeric_limits<T>::epsilon());
    return {.value = (high.f - low.f) / width,
            .error = rounding * (std::abs(high.f) + std::abs(low.f)) / width};
  }

  /// How often f was called.
  [[nodiscard]] std::uint64_t evaluations() const { return evaluations_; }

 private:
  struct Point {
    double x;
    double f;
  };

  Point here(T before) {
    if (!known_) {
      here_ = static_cast<double>(f_(std::span<const T>(x_)));
      known_ = true;
      ++evaluations_;
    }
    return {.x = static_cast<double>(before), .f = here_};
  }

  Point at(std::size_t i, T before, double shift) {
    x_[i] = static_cast<T>(static_cast<double>(before) + shift);
    const double moved = static_cast<double>(x_[i]);
    ++evaluations_;
    try {
      const auto value = static_cast<double>(f_(std::span<const T>(x_)));
      x_[i] = before;
      return {.x = moved, .f = value};
    } catch (...) {
      x_[i] = before;
      throw;
    }
  }

  Difference ridders(std::size_t i, double h) {
    constexpr std::size_t most = 12;
    std::array<double, most> row{};  // row[m]: the polynomial of degree m in h², to the last step
    Difference best{.value = 0, .error = std::numeric_limits<double>::infinity()};
    for (std::size_t k = 0; k < most; ++k, h /= 2) {
      const Difference difference = between(i, -h, h);
      double beside = row[0];  // of the row before
      row[0] = difference.value;
      double factor = 1;
      for (std::size_t m = 1; m <= k; ++m) {
        factor *= 4;
        const double next = (factor * row[m - 1] - beside) / (factor - 1);
        const double apart = std::max(std::abs(next - row[m - 1]), std::abs(next - beside));
        beside = row[m];
        row[m] = next;
        if (apart < best.error) best = {.value = next, .error = apart};
      }
      // Rounding has taken over.
      if (k > 1 && std::abs(row[k] - row[k - 1]) > 8 * best.error) break;
    }
    return best;
  }

  F f_;
  std::span<T> x_;
  double here_ = 0;  // f(x), where it is known
  bool known_ = false;
  std::uint64_t evaluations_ = 0;
};

/// Where a scheme begins for coordinates of type T: ∛ε for double, rounded to 1e-5, and for float;
/// Ridders' first step is a large one.
template <class T>
[[nodiscard]] constexpr double default_step(Scheme scheme) {
  if (scheme == Scheme::ridders) return 0.25;
  return std::numeric_limits<T>::digits > 24 ? 1e-5 : 5e-3;
}

/// The gradient of f at x by differences, in every coordinate.
template <class T, class F>
void numerical_gradient(F f, std::span<T> x, std::span<double> gradient,
                        Scheme scheme = Scheme::central, double step = 0) {
  Differences<T, F> differences(std::move(f), x);
  const double h = step > 0 ? step : default_step<T>(scheme);
  for (std::size_t i = 0; i < x.size(); ++i) gradient[i] = differences(i, scheme, h).value;
}

}  // namespace fallline
