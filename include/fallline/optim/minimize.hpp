#pragma once

#include <concepts>
#include <cstddef>
#include <fallline/optim/lbfgs.hpp>
#include <fallline/optim/minimum.hpp>
#include <fallline/optim/optimizer.hpp>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace fallline {

/// A function to minimise: returns the value at w and writes the gradient, P numbers like w.
template <class F, class T>
concept ValueAndGradient = requires(F& f, std::span<const T> w, std::span<T> gradient) {
  { f(w, gradient) } -> std::convertible_to<double>;
};

/// A mean of terms: returns the mean of the terms named and writes its gradient.
template <class F, class T>
concept ValueAndGradientOfTerms = requires(F& f, std::span<const T> w,
                                           std::span<const std::size_t> terms,
                                           std::span<T> gradient) {
  { f(w, terms, gradient) } -> std::convertible_to<double>;
};

/// (1/n) Σ f_i(w) over n terms, to be minimised in batches: `mean_of(n, f)`.
template <class F>
struct MeanOf {
  std::size_t terms;
  F f;
};
template <class F>
[[nodiscard]] MeanOf<F> mean_of(std::size_t terms, F f) {
  return {terms, std::move(f)};
}

namespace optim {

/// What the loop sees of a function.
template <class T>
struct Objective {
  std::size_t terms = 0;  ///< 0: no terms, `whole` only
  std::function<double(std::span<const T>, std::span<T>)> whole;
  std::function<double(std::span<const T>, std::span<const std::size_t>, std::span<T>)> part;
};

template <class F>
inline constexpr bool is_mean = false;
template <class F>
inline constexpr bool is_mean<MeanOf<F>> = true;
template <class F>
inline constexpr bool is_mean<const MeanOf<F>> = true;

/// The function must outlive the objective.
template <class T, class F>
Objective<T> objective_of(F& function) {
  if constexpr (is_mean<F>)
    return {.terms = function.terms, .part = std::ref(function.f)};
  else
    return {.whole = std::ref(function)};
}

/// Whether F is a function of T, as the compiler's first error where it is not.
template <class T, class F>
consteval bool check_function() {
  constexpr bool number = std::same_as<T, float> || std::same_as<T, double>;
  static_assert(number, "minimize: the start must be a std::vector<float> or <double>");
  if constexpr (is_mean<F>) {
    constexpr bool fits = ValueAndGradientOfTerms<decltype((std::declval<F&>().f)), T>;
    static_assert(!number || fits,
                  "minimize: mean_of needs a function callable as double f(std::span<const T> w, "
                  "std::span<const std::size_t> terms, std::span<T> gradient), T as in the start");
    return number && fits;
  } else {
    constexpr bool fits = ValueAndGradient<F, T>;
    static_assert(!number || fits,
                  "minimize: the function must be callable as "
                  "double f(std::span<const T> w, std::span<T> gradient), T as in the start");
    return number && fits;
  }
}

template <class T>
Minimum<T> minimize(const Objective<T>& objective, std::vector<T> start, Optimizer<T>& optimizer,
                    const MinimizeOptions& options);
extern template Minimum<float> minimize(const Objective<float>&, std::vector<float>,
                                        Optimizer<float>&, const MinimizeOptions&);
extern template Minimum<double> minimize(const Objective<double>&, std::vector<double>,
                                         Optimizer<double>&, const MinimizeOptions&);

template <class T, class... Links>
std::unique_ptr<Optimizer<T>> made(const Chain<Links...>& chain, std::size_t parameters) {
  return make_optimizer<T>(chain, parameters);
}
template <class T>
std::unique_ptr<Optimizer<T>> made(const OptimizerOptions& options, std::size_t parameters) {
  return make_optimizer<T>(options, parameters);
}
template <class T>
std::unique_ptr<Optimizer<T>> made(const Lbfgs& settings, std::size_t parameters) {
  return std::make_unique<LbfgsOptimizer<T>>(settings, parameters);
}

/// Whether minimize takes a How, as the compiler's first error where it does not.
template <class How>
consteval bool check_optimizer() {
  constexpr bool fits = requires(const How& how) { made<double>(how, std::size_t{}); };
  static_assert(fits,
                "minimize: the optimizer must be a chain such as adam(), an Lbfgs, or "
                "OptimizerOptions for one by name; a single link goes into chain(link, "
                "ScaleByRate{})");
  return fits;
}

}  // namespace optim

/// Minimises any differentiable function from a start, in float or double.
///
///     auto booth = [](std::span<const double> w, std::span<double> g) { … return value; };
///     auto found = minimize(booth, std::vector{-9.0, -9.0}, Lbfgs{});
///     auto other = minimize(booth, std::vector{-9.0, -9.0}, adam(), {.learning_rate = 0.1});
///
/// @param function   `ValueAndGradient`, or `mean_of(n, …)` of a `ValueAndGradientOfTerms`
/// @param optimizer  a chain, an `Lbfgs`, or `OptimizerOptions` for one by name
/// @throws Error(usage) for settings out of their bounds; whatever the function throws
template <class F, class T, class How>
[[nodiscard]] Minimum<T> minimize(F&& function, std::vector<T> start, const How& optimizer,
                                  const MinimizeOptions& options = {}) {
  constexpr bool fits = optim::check_function<T, std::remove_reference_t<F>>();
  if constexpr (fits && optim::check_optimizer<How>()) {
    const auto objective = optim::objective_of<T>(function);
    const auto made = optim::made<T>(optimizer, start.size());
    return optim::minimize<T>(objective, std::move(start), *made, options);
  }
}

}  // namespace fallline
