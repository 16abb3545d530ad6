#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace fallline {

/// Links in a row, applied to every parameter in one pass over memory:
///
///     u = g;   u = link₁(u), …, link_k(u);   w' = w − α u
///
/// The minus sign lives here and nowhere else. State is one contiguous slot of P numbers for each
/// average, all zero at first; a step allocates nothing. The new parameters may be written over
/// the old ones or beside them, which keeps the old ones at no cost.
template <class T, class... Links>
class Chain {
 public:
  static constexpr std::size_t slots = (std::size_t{0} + ... + Links::slots);

  /// @throws Error(usage) where a link's settings are out of bounds.
  explicit Chain(std::size_t parameters, Links... links) : links_(std::move(links)...) {
    std::apply([](const Links&... link) { (link.validate(), ...); }, links_);
    for (std::vector<T>& slot : state_) slot.assign(parameters, T(0));
  }

  /// Step t (from 1) at learning rate `rate`: new = old − rate·chain(gradient).
  void step(std::uint64_t t, double rate, std::span<const T> old, std::span<const T> gradient,
            std::span<T> next) {
    std::apply(
        [&](const Links&... link) {
          sweep(static_cast<T>(rate), old, gradient, next, std::make_index_sequence<slots>(),
                std::tuple(link.template at<T>(t)...));
        },
        links_);
  }

  /// The product of the links' gains.
  [[nodiscard]] double gain() const {
    return std::apply([](const Links&... link) { return (1.0 * ... * link.gain()); }, links_);
  }

  /// The state, slot by slot.
  [[nodiscard]] std::span<const std::vector<T>> state() const { return state_; }

 private:
  template <std::size_t... S, class Steps>
  void sweep(T rate, std::span<const T> old, std::span<const T> gradient, std::span<T> next,
             std::index_sequence<S...> /*slots*/, const Steps& steps) {
    const T* w = old.data();
    const T* g = gradient.data();
    T* out = next.data();
    const std::array<T*, slots> slot{state_[S].data()...};
    const std::size_t n = old.size();
#ifndef __clang__  // which knows no such pragma, and compares the addresses itself
#pragma GCC ivdep
#endif
    for (std::size_t i = 0; i < n; ++i) out[i] = w[i] - rate * through<0, 0>(g[i], slot, i, steps);
  }

  /// u after the links from `Link` on; their state begins at slot `First`.
  template <std::size_t Link, std::size_t First, class Steps>
  static T through(T u, const std::array<T*, slots>& slot, std::size_t i, const Steps& steps) {
    if constexpr (Link == sizeof...(Links)) {
      return u;
    } else {
      constexpr std::size_t count = std::tuple_element_t<Link, std::tuple<Links...>>::slots;
      const T next = [&]<std::size_t... K>(std::index_sequence<K...>) {
        return std::get<Link>(steps)(u, slot[First + K][i]...);
      }
      (std::make_index_sequence<count>());
      return through<Link + 1, First + count>(next, slot, i, steps);
    }
  }

  std::tuple<Links...> links_;
  std::array<std::vector<T>, slots> state_;
};

/// `chain<float>(P, HeavyBall{.momentum = 0.9})`
template <class T, class... Links>
[[nodiscard]] auto chain(std::size_t parameters, Links... links) {
  return Chain<T, Links...>(parameters, std::move(links)...);
}

}  // namespace fallline
