#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace fallline::test {

/// A function whose minimum is known: its value, its gradient, a start from which a descent leads
/// there. All arithmetic is in T.
template <class T>
struct KnownFunction {
  std::string_view name;
  double (*value_and_gradient)(std::span<const T> w, std::span<T> gradient);
  std::vector<T> start;
  std::vector<std::vector<double>> minima;  ///< any of them will do
  double lowest = 0;

  double operator()(std::span<const T> w, std::span<T> gradient) const {
    return value_and_gradient(w, gradient);
  }

  /// The largest difference of a coordinate from those of the nearest minimum; NaN if w has one.
  [[nodiscard]] double distance(const std::vector<T>& w) const {
    double nearest = std::numeric_limits<double>::infinity();
    for (const std::vector<double>& minimum : minima) {
      double far = 0;
      for (std::size_t i = 0; i < w.size(); ++i) {
        const double off = std::abs(static_cast<double>(w[i]) - minimum[i]);
        if (!(off <= far)) far = off;
        if (std::isnan(far)) return far;
      }
      nearest = std::min(nearest, far);
    }
    return nearest;
  }
};

/// Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)², in two or more dimensions (Rosenbrock, 1960).
template <class T>
double rosenbrock(std::span<const T> w, std::span<T> g) {
  std::ranges::fill(g, T(0));
  T f = 0;
  for (std::size_t i = 0; i + 1 < w.size(); ++i) {
    const T off = w[i + 1] - w[i] * w[i];
    const T away = 1 - w[i];
    f += 100 * off * off + away * away;
    g[i] += -400 * off * w[i] - 2 * away;
    g[i + 1] += 200 * off;
  }
  return static_cast<double>(f);
}

/// (x + 2y − 7)² + (2x + y − 5)²
template <class T>
double booth(std::span<const T> w, std::span<T> g) {
  const T a = w[0] + 2 * w[1] - 7;
  const T b = 2 * w[0] + w[1] - 5;
  g[0] = 2 * a + 4 * b;
  g[1] = 4 * a + 2 * b;
  return static_cast<double>(a * a + b * b);
}

/// (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²
template <class T>
double beale(std::span<const T> w, std::span<T> g) {
  const T x = w[0];
  const T y = w[1];
  const T a = T(1.5) - x + x * y;
  const T b = T(2.25) - x + x * y * y;
  const T c = T(2.625) - x + x * y * y * y;
  g[0] = 2 * a * (y - 1) + 2 * b * (y * y - 1) + 2 * c * (y * y * y - 1);
  g[1] = 2 * a * x + 4 * b * x * y + 6 * c * x * y * y;
  return static_cast<double>(a * a + b * b + c * c);
}

/// 0.26 (x² + y²) − 0.48 xy
template <class T>
double matyas(std::span<const T> w, std::span<T> g) {
  g[0] = T(0.52) * w[0] - T(0.48) * w[1];
  g[1] = T(0.52) * w[1] - T(0.48) * w[0];
  return static_cast<double>((g[0] * w[0] + g[1] * w[1]) / 2);
}

/// sin(x + y) + (x − y)² − 1.5x + 2.5y + 1
template <class T>
double mccormick(std::span<const T> w, std::span<T> g) {
  const T sum = w[0] + w[1];
  const T gap = w[0] - w[1];
  g[0] = std::cos(sum) + 2 * gap - T(1.5);
  g[1] = std::cos(sum) - 2 * gap + T(2.5);
  return static_cast<double>(std::sin(sum) + gap * gap - T(1.5) * w[0] + T(2.5) * w[1] + 1);
}

/// (x² + y − 11)² + (x + y² − 7)²
template <class T>
double himmelblau(std::span<const T> w, std::span<T> g) {
  const T a = w[0] * w[0] + w[1] - 11;
  const T b = w[0] + w[1] * w[1] - 7;
  g[0] = 4 * a * w[0] + 2 * b;
  g[1] = 2 * a + 4 * b * w[1];
  return static_cast<double>(a * a + b * b);
}

/// ½ Σ x⁴ − 16x² + 5x, in any number of dimensions
template <class T>
double styblinski_tang(std::span<const T> w, std::span<T> g) {
  T f = 0;
  for (std::size_t i = 0; i < w.size(); ++i) {
    const T x = w[i];
    f += (x * x * x * x - 16 * x * x + 5 * x) / 2;
    g[i] = 2 * x * x * x - 16 * x + T(2.5);
  }
  return static_cast<double>(f);
}

/// (1 + (s + 1)² (19 − 14s + 3s²)) · (30 + r² (18 − 16r + 3r²)), s = x + y, r = 2x − 3y
template <class T>
double goldstein_price(std::span<const T> w, std::span<T> g) {
  const T s = w[0] + w[1];
  const T p = 19 - 14 * s + 3 * s * s;
  const T a = 1 + (s + 1) * (s + 1) * p;
  const T da = 2 * (s + 1) * p + (s + 1) * (s + 1) * (6 * s - 14);
  const T r = 2 * w[0] - 3 * w[1];
  const T q = 18 - 16 * r + 3 * r * r;
  const T b = 30 + r * r * q;
  const T db = 2 * r * q + r * r * (6 * r - 16);
  g[0] = da * b + 2 * a * db;
  g[1] = da * b - 3 * a * db;
  return static_cast<double>(a * b);
}

/// 100 (x₂ − x₁²)² + (1 − x₁)² + 90 (x₄ − x₃²)² + (1 − x₃)² + 10 (x₂ + x₄ − 2)² + (x₂ − x₄)²/10
template <class T>
double wood(std::span<const T> w, std::span<T> g) {
  const T a = w[1] - w[0] * w[0];
  const T b = w[3] - w[2] * w[2];
  const T sum = w[1] + w[3] - 2;
  const T gap = w[1] - w[3];
  g[0] = -400 * a * w[0] - 2 * (1 - w[0]);
  g[1] = 200 * a + 20 * sum + gap / 5;
  g[2] = -360 * b * w[2] - 2 * (1 - w[2]);
  g[3] = 180 * b + 20 * sum - gap / 5;
  return static_cast<double>(100 * a * a + (1 - w[0]) * (1 - w[0]) + 90 * b * b +
                             (1 - w[2]) * (1 - w[2]) + 10 * sum * sum + gap * gap / 10);
}

/// 100 (x₁² − x₂)² + (x₁ − 1)² + (x₃ − 1)² + 90 (x₃² − x₄)² + 10.1 ((x₂ − 1)² + (x₄ − 1)²)
/// + 19.8 (x₂ − 1)(x₄ − 1): Wood's function, multiplied out.
template <class T>
double colville(std::span<const T> w, std::span<T> g) {
  const T a = w[0] * w[0] - w[1];
  const T b = w[2] * w[2] - w[3];
  const std::array<T, 4> d{w[0] - 1, w[1] - 1, w[2] - 1, w[3] - 1};
  g[0] = 400 * a * w[0] + 2 * d[0];
  g[1] = -200 * a + T(20.2) * d[1] + T(19.8) * d[3];
  g[2] = 360 * b * w[2] + 2 * d[2];
  g[3] = -180 * b + T(20.2) * d[3] + T(19.8) * d[1];
  return static_cast<double>(100 * a * a + d[0] * d[0] + d[2] * d[2] + 90 * b * b +
                             T(10.1) * (d[1] * d[1] + d[3] * d[3]) + T(19.8) * d[1] * d[3]);
}

/// Rosenbrock's function in n dimensions from (−1.2, 1, −1.2, 1, …).
template <class T>
KnownFunction<T> rosenbrock_in(std::size_t n) {
  std::vector<T> start(n, T(1));
  for (std::size_t i = 0; i < n; i += 2) start[i] = T(-1.2);
  return {"rosenbrock", rosenbrock<T>, start, {std::vector<double>(n, 1)}, 0};
}

template <class T>
std::vector<KnownFunction<T>> known_functions() {
  using V = std::vector<T>;
  const std::vector<double> ones(4, 1);
  return {
      rosenbrock_in<T>(2),
      {"booth", booth<T>, V{-9, -9}, {{1, 3}}, 0},
      {"beale", beale<T>, V{T(2.8), T(0.35)}, {{3, 0.5}}, 0},
      {"matyas", matyas<T>, V{4, -3}, {{0, 0}}, 0},
      {"mccormick", mccormick<T>, V{-2, 4}, {{-0.547197551, -1.547197551}}, -1.913222955},
      {"himmelblau",
       himmelblau<T>,
       V{0, 0},
       {{3, 2},
        {-2.805118087, 3.131312518},
        {-3.779310253, -3.283185991},
        {3.584428340, -1.848126527}},
       0},
      {"styblinski-tang",
       styblinski_tang<T>,
       V{-1, -4, -2, -5, -3},
       {std::vector<double>(5, -2.903534028)},
       -39.166165704 * 5},
      {"goldstein-price", goldstein_price<T>, V{T(0.2), T(-0.5)}, {{0, -1}}, 3},
      {"wood", wood<T>, V{-3, -1, -3, -1}, {ones}, 0},
      {"colville", colville<T>, V{0, 0, 0, 0}, {ones}, 0},
  };
}

}  // namespace fallline::test
