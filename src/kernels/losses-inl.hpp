// The losses of as many examples as a vector has lanes, wherever their scores come from. Included
// once for each instruction set (foreach_target.h).
//
// A `Source` has the examples: `classes()`, `labels()`, `score(c)`, the score of their own class
// `own()`; and where a gradient is wanted also `at(c)`, `set(c, g)` and `add_to_own(g)`.

#if defined(FALLLINE_KERNELS_LOSSES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef FALLLINE_KERNELS_LOSSES_INL
#undef FALLLINE_KERNELS_LOSSES_INL
#else
#define FALLLINE_KERNELS_LOSSES_INL
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <fallline/loss/loss.hpp>

#include "kernels/layout.hpp"
// clang-format off: it needs what highway.h defines
#include <hwy/contrib/math/math-inl.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using F = hn::CappedTag<float, block>;
using V = hn::Vec<F>;
using M = hn::Mask<F>;

/// Highway's functions are made for numbers: NaN stays NaN here.
HWY_INLINE V exponential(F f, V x) { return hn::IfThenElse(hn::Eq(x, x), hn::Exp(f, x), x); }
HWY_INLINE V logarithm(F f, V x) { return hn::IfThenElse(hn::Eq(x, x), hn::Log(f, x), x); }

/// The classes of some examples.
struct LaneLabels {
  explicit HWY_INLINE LaneLabels(const std::int32_t* labels)
      : values(hn::LoadU(hn::RebindToSigned<F>(), labels)) {}

  [[nodiscard]] HWY_INLINE M are(std::size_t c) const {
    return hn::RebindMask(F(), hn::Eq(values, of(c)));
  }
  [[nodiscard]] HWY_INLINE M are_above(std::size_t c) const {
    return hn::RebindMask(F(), hn::Lt(of(c), values));
  }
  [[nodiscard]] HWY_INLINE M are_below(std::size_t c) const {
    return hn::RebindMask(F(), hn::Gt(of(c), values));
  }

  hn::Vec<hn::RebindToSigned<F>> values;

 private:
  [[nodiscard]] static HWY_INLINE hn::Vec<hn::RebindToSigned<F>> of(std::size_t c) {
    return hn::Set(hn::RebindToSigned<F>(), static_cast<std::int32_t>(c));
  }
};

/// Where class c comes before the examples' own: its score is higher, or equal and its number
/// smaller. A score that is NaN counts as higher.
template <class Source>
HWY_INLINE M comes_first(const Source& x, std::size_t c, V own) {
  const V score = x.score(c);
  return hn::Or(hn::AndNot(hn::Lt(score, own), x.labels().are_above(c)),
                hn::AndNot(hn::Le(score, own), x.labels().are_below(c)));
}

template <bool gradient, class Source>
HWY_INLINE V softmax_lanes(const Source& x, float weight) {
  const F f;
  V top = x.score(0);
  for (std::size_t c = 1; c < x.classes(); ++c) top = hn::Max(top, x.score(c));
  const V own = hn::Sub(x.own(), top);
  V sum = hn::Zero(f);
  for (std::size_t c = 0; c < x.classes(); ++c) {
    const V e = exponential(f, hn::Sub(x.score(c), top));
    sum = hn::Add(sum, e);
    if constexpr (gradient) hn::StoreU(e, f, x.at(c));
  }
  if constexpr (gradient) {
    const V share = hn::Div(hn::Set(f, weight), sum);
    for (std::size_t c = 0; c < x.classes(); ++c) x.set(c, hn::Mul(x.score(c), share));
    x.add_to_own(hn::Set(f, -weight));
  }
  return hn::Sub(logarithm(f, sum), own);
}

template <bool gradient, bool squared, class Source>
HWY_INLINE V hinge_lanes(const Source& x, float delta, float weight) {
  const F f;
  const V own = hn::Sub(x.own(), hn::Set(f, delta));
  const V slope = hn::Set(f, squared ? 2 * weight : weight);
  V loss = hn::Zero(f);
  V total = hn::Zero(f);
  for (std::size_t c = 0; c < x.classes(); ++c) {
    const V margin = hn::Sub(x.score(c), own);
    // NaN is neither above 0 nor at most 0: it must reach the loss, not vanish.
    const M active = hn::AndNot(x.labels().are(c), hn::Not(hn::Le(margin, hn::Zero(f))));
    loss = hn::Add(loss, hn::IfThenElseZero(active, squared ? hn::Mul(margin, margin) : margin));
    if constexpr (gradient) {
      const V g = hn::IfThenElseZero(active, squared ? hn::Mul(slope, margin) : slope);
      total = hn::Add(total, g);
      x.set(c, g);
    }
  }
  if constexpr (gradient) x.add_to_own(hn::Neg(total));
  return loss;
}

/// The losses, and where wanted G in the place of the scores.
template <bool gradient, class Source>
HWY_INLINE V losses_of_lanes(const Loss& loss, const Source& x, float weight) {
  const auto delta = static_cast<float>(loss.delta);
  switch (loss.kind) {
    case LossKind::hinge:
      return hinge_lanes<gradient, false>(x, delta, weight);
    case LossKind::squared_hinge:
      return hinge_lanes<gradient, true>(x, delta, weight);
    default:
      return softmax_lanes<gradient>(x, weight);
  }
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
