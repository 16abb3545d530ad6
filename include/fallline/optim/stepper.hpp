#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <fallline/optim/chain.hpp>
#include <fallline/optim/dot.hpp>
#include <fallline/optim/vectorize.hpp>
#include <fallline/workers.hpp>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace fallline {

/// A chain at work on P parameters: its state, and the one pass over memory that is a step.
///
///     w' = w − chain(g)
///
/// State is one contiguous slot of P numbers for each average. A step allocates nothing. The
/// result is the same, bit for bit, for any number of threads and on every instruction set.
template <class T, class... Links>
class Stepper {
 public:
  static constexpr std::size_t slots = Chain<Links...>::slots;

  Stepper(const Chain<Links...>& chain, std::size_t parameters)
      : chain_(chain), dot_(chain.needs_norm() ? parameters : 0) {
    std::size_t slot = 0;
    auto fill = [&](const auto& link) {
      for (std::size_t k = 0; k < optim::slots_of<std::remove_cvref_t<decltype(link)>>(); ++k)
        state_[slot++].assign(parameters, static_cast<T>(optim::initial_of(link, k)));
    };
    std::apply([&](const Links&... link) { (fill(link), ...); }, chain_.links());
  }

  /// One step: next = old − chain(gradient). `next` may be `old`, or lie beside it, which keeps
  /// the old parameters. All three have P numbers. Without `workers`: on the calling thread.
  void step(Step now, std::span<const T> old, std::span<const T> gradient, std::span<T> next,
            Workers* workers = nullptr) {
    if (chain_.needs_norm()) now.gradient_norm = std::sqrt(dot_(gradient, gradient, workers));
    begin(now, old, next);
    // A piece is large beside the cost of handing it out and small beside the caches.
    constexpr std::size_t piece = 32768;
    const std::size_t n = old.size();
    const std::size_t pieces = (n + piece - 1) / piece;
    if (workers == nullptr || pieces <= 1) return part(0, gradient);
    workers->for_each(pieces, [&](std::size_t p) {
      part(p * piece, gradient.subspan(p * piece, std::min(piece, n - p * piece)));
    });
  }

  /// Makes a step ready that `part` then makes, so that a gradient is used up where it was found.
  /// A chain that needs the gradient's norm takes it from `now`.
  void begin(const Step& now, std::span<const T> old, std::span<T> next) {
    std::apply(
        [&](const Links&... link) {
          begin_with(old, next, Lanes(link.template at<T>(now)...),
                     std::make_index_sequence<slots>());
        },
        chain_.links());
  }

  /// The step that was begun, for as many parameters from `first` on as there are numbers in
  /// `gradient`, which is their part of it. Parts that cover all parameters once, in any order and
  /// on any threads, are the step.
  void part(std::size_t first, std::span<const T> gradient) const {
    Body body = *body_;
    body.g = gradient.data();
    body.first = first;
    loop_(body, first, first + gradient.size());
  }

  [[nodiscard]] const Chain<Links...>& chain() const { return chain_; }

  /// The state, slot by slot; it may be written, to go on where another stepper stopped.
  [[nodiscard]] std::span<std::vector<T>> state() { return state_; }
  [[nodiscard]] std::span<const std::vector<T>> state() const { return state_; }

 private:
  using Lanes = std::tuple<decltype(std::declval<const Links&>().template at<T>(Step{}))...>;

  /// What happens to parameter i.
  struct Body {
    const T* w;
    const T* g;  // of parameter `first` and those behind it
    std::size_t first;
    T* next;
    std::array<T*, slots> slot;
    Lanes lanes;

    void operator()(std::size_t i) const { next[i] = w[i] - through<0, 0>(g[i - first], w[i], i); }

    /// u after the links from `K` on; their state begins at slot `First`.
    template <std::size_t K, std::size_t First>
    [[nodiscard]] T through(T u, T weight, std::size_t i) const {
      if constexpr (K == sizeof...(Links)) {
        return u;
      } else {
        using L = std::tuple_element_t<K, std::tuple<Links...>>;
        constexpr std::size_t count = optim::slots_of<L>();
        const T after = [&]<std::size_t... S>(std::index_sequence<S...>) {
          if constexpr (optim::LaneKind<L, T>::of_update)
            return std::get<K>(lanes)(u, slot[First + S][i]...);
          else
            return std::get<K>(lanes)(u, weight, slot[First + S][i]...);
        }
        (std::make_index_sequence<count>());
        return through<K + 1, First + count>(after, weight, i);
      }
    }
  };

  template <std::size_t... S>
  void begin_with(std::span<const T> old, std::span<T> next, const Lanes& lanes,
                  std::index_sequence<S...> /*slots*/) {
    body_.emplace(Body{old.data(), nullptr, 0, next.data(), {state_[S].data()...}, lanes});
    loop_ = optim::iterate_in<Body>(instruction_set());
  }

  Chain<Links...> chain_;
  optim::Dot<T> dot_;
  std::array<std::vector<T>, slots> state_;
  std::optional<Body> body_;  // of the step that was begun
  void (*loop_)(const Body&, std::size_t, std::size_t) = nullptr;
};

/// `stepper<float>(adam(), P)`
template <class T, class... Links>
[[nodiscard]] auto stepper(const Chain<Links...>& chain, std::size_t parameters) {
  return Stepper<T, Links...>(chain, parameters);
}

}  // namespace fallline
