#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fallline/error.hpp>
#include <string>
#include <tuple>
#include <utility>

namespace fallline {

/// What a link may know of the step being taken.
struct Step {
  std::uint64_t t = 1;       ///< from 1
  double rate = 0;           ///< α, the learning rate in force
  double value = 0;          ///< the cost at the parameters as they are; searches need it
  double gradient_norm = 0;  ///< ‖g‖ over all parameters; filled in for links that ask for it
};

// A link turns the update u of one parameter into another. It is a plain struct of settings with
//
//   at<T>(step)        a function of one lane, its constants worked out once a step, in double:
//                        u = f(u, a₁, …, a_slots)      or, where it needs the parameter w itself,
//                        u = f(u, w, a₁, …, a_slots)
//                      with its numbers of state by reference
//
// and, where they are not the defaults,
//
//   static constexpr std::size_t slots     numbers of state a parameter (0)
//   initial(k)                             what slot k starts at (0)
//   void validate() const                  throws Error(usage) naming a field and its bound
//   gain()                                 what it multiplies a constant update by in the long run;
//   a
//                                          link that sets the size itself has none (1)
//   bool needs_norm() const                it reads step.gradient_norm (it does not)
//
// The function must be plain arithmetic (+ − × ÷ √ |x| and choices), so that the loop over the
// parameters vectorises. Links make a chain (chain.hpp), and a chain is one pass over memory.

namespace optim {

template <class L>
constexpr std::size_t slots_of() {
  if constexpr (requires { L::slots; })
    return L::slots;
  else
    return 0;
}

template <class L>
concept MayNeedNorm = requires(const L& link) {
  link.needs_norm();
};

template <class L>
bool needs_norm(const L& link) {
  if constexpr (MayNeedNorm<L>)
    return link.needs_norm();
  else
    return false;
}

template <class L>
double gain_of(const L& link) {
  if constexpr (requires { link.gain(); })
    return link.gain();
  else
    return 1;
}

template <class L>
double initial_of(const L& link, std::size_t slot) {
  if constexpr (requires { link.initial(slot); })
    return link.initial(slot);
  else
    return 0;
}

template <class L>
void validate(const L& link) {
  if constexpr (requires { link.validate(); }) link.validate();
}

/// @throws Error(usage) unless low ≤ value < high.
void require_within(double value, double low, double high, const char* field);
/// @throws Error(usage) unless value is finite and ≥ 0.
void require_not_negative(double value, const char* field);
/// @throws Error(usage) where all that keeps a denominator from 0 is itself 0.
void require_denominator(double sum_of_eps);
/// @throws Error(usage) unless value > 0; infinity is allowed.
void require_positive(double value, const char* field);

/// A function of one lane with K numbers of state: of the update alone, or of the update and w.
template <class F, class T, class Slots>
struct LaneOf;
template <class F, class T, std::size_t... K>
struct LaneOf<F, T, std::index_sequence<K...>> {
  template <std::size_t>
  using State = T&;
  static constexpr bool of_update = std::is_invocable_r_v<T, const F&, T, State<K>...>;
  static constexpr bool of_weight = std::is_invocable_r_v<T, const F&, T, T, State<K>...>;
};

template <class L, class T>
using Lane = decltype(std::declval<const L&>().template at<T>(Step{}));
template <class L, class T>
using LaneKind = LaneOf<Lane<L, T>, T, std::make_index_sequence<slots_of<L>()>>;

}  // namespace optim

namespace optim {

template <class L>
concept HasLane = requires(const L& link) {
  link.template at<float>(Step{});
};

template <class L>
concept HasFittingLane = HasLane<L> &&
    (LaneKind<L, float>::of_update || LaneKind<L, float>::of_weight);

}  // namespace optim

/// A struct that `chain` takes: see above.
template <class L>
concept Link = std::copy_constructible<L> && optim::HasFittingLane<L>;

}  // namespace fallline
