#pragma once

#include <cstddef>
#include <fallline/optim/link.hpp>
#include <tuple>
#include <utility>

namespace fallline {

/// Links in a row: an optimizer as a formula.
///
///     u = g;   u = link₁(u), …, link_k(u);   w' = w − u
///
/// The minus sign is the stepper's (stepper.hpp), and so is all state: a chain is settings only.
template <Link... Links>
class Chain {
 public:
  static constexpr std::size_t slots = (std::size_t{0} + ... + optim::slots_of<Links>());

  /// @throws Error(usage) where a link's settings are out of bounds.
  explicit Chain(std::tuple<Links...> links) : links_(std::move(links)) {
    std::apply([](const Links&... link) { (optim::validate(link), ...); }, links_);
  }

  [[nodiscard]] const std::tuple<Links...>& links() const { return links_; }

  /// Whether a link reads the norm of the gradient.
  [[nodiscard]] bool needs_norm() const {
    return std::apply(
        [](const Links&... link) { return (false || ... || optim::needs_norm(link)); }, links_);
  }

  /// What the chain makes of a constant gradient in the long run, before the rate: the product of
  /// the links' gains.
  [[nodiscard]] double gain() const {
    return std::apply([](const Links&... link) { return (1.0 * ... * optim::gain_of(link)); },
                      links_);
  }

 private:
  std::tuple<Links...> links_;
};

namespace optim {

template <class Part>
inline constexpr bool is_chain = false;
template <class... Links>
inline constexpr bool is_chain<Chain<Links...>> = true;

/// Whether a part is a chain or a link, as the compiler's first error where it is neither.
template <class Part>
consteval bool check_part() {
  if constexpr (!is_chain<Part>) {
    static_assert(HasLane<Part>,
                  "chain: every part must be a link or a chain; a link is a struct of settings "
                  "with `template <class T> auto at(const Step&) const` (optim/link.hpp)");
    static_assert(!HasLane<Part> || HasFittingLane<Part>,
                  "chain: at<T>(step) of a link must return a function of one lane, "
                  "T(T u, T& a...) or T(T u, T w, T& a...), with an a for each of its slots");
    static_assert(std::copy_constructible<Part>, "chain: a link must be copyable");
  }
  return is_chain<Part> || Link<Part>;
}

template <class L>
std::tuple<L> as_tuple(L link) {
  return {std::move(link)};
}
template <class... Links>
std::tuple<Links...> as_tuple(Chain<Links...> chain) {
  return chain.links();
}

/// Links that read ‖g‖ must come before those that change the update.
template <class... Links>
consteval bool norms_first() {
  bool changed = false;
  bool first = true;
  ((first = first && !(MayNeedNorm<Links> && changed), changed = changed || !MayNeedNorm<Links>),
   ...);
  return first;
}

template <class... Links>
auto chain_of(std::tuple<Links...> links) {
  static_assert(norms_first<Links...>(),
                "chain: links that need the gradient's norm, such as ClipByNorm, come first: "
                "after another link the update is no longer the gradient");
  return Chain<Links...>(std::move(links));
}

}  // namespace optim

/// `chain(ClipByNorm{.max = 1}, Adam{}, ScaleByRate{})`; chains may be parts of a chain.
template <class... Parts>
[[nodiscard]] auto chain(Parts... parts) {
  if constexpr ((true && ... && optim::check_part<Parts>()))
    return optim::chain_of(std::tuple_cat(optim::as_tuple(std::move(parts))...));
}

}  // namespace fallline
