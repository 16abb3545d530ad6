#include "kernels/losses.hpp"

#include "kernels/layout.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/losses.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// clang-format off: it needs what the two above define
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

/// `lanes` examples of a block, from example h on.
struct Lanes {
  const ScoreBlock& block;
  std::size_t h;
  F f = {};
  M present = hn::FirstN(f, h < block.count ? block.count - h : 0);

  [[nodiscard]] HWY_INLINE float* at(std::size_t c) const {
    return block.scores + c * kernels::block + h;
  }
  [[nodiscard]] HWY_INLINE V score(std::size_t c) const { return hn::LoadU(f, at(c)); }

  /// The score of each example's own class.
  [[nodiscard]] HWY_INLINE V own() const {
    HWY_ALIGN float scores[kernels::block];
    for (std::size_t i = 0; i < hn::Lanes(f); ++i)
      scores[i] = at(static_cast<std::size_t>(block.labels[h + i]))[i];
    return hn::Load(f, scores);
  }
  /// Adds `amount` to G in each example's own class.
  HWY_INLINE void add_to_own(V amount) const {
    HWY_ALIGN float amounts[kernels::block];
    hn::Store(hn::IfThenElseZero(present, amount), f, amounts);
    for (std::size_t i = 0; i < hn::Lanes(f); ++i)
      at(static_cast<std::size_t>(block.labels[h + i]))[i] += amounts[i];
  }
  HWY_INLINE void set(std::size_t c, V g) const {
    hn::StoreU(hn::IfThenElseZero(present, g), f, at(c));
  }
  [[nodiscard]] HWY_INLINE M is_own(std::size_t c) const {
    const hn::RebindToSigned<F> words;
    const auto labels = hn::LoadU(words, block.labels + h);
    return hn::RebindMask(f, hn::Eq(labels, hn::Set(words, static_cast<std::int32_t>(c))));
  }
};

template <bool gradient>
HWY_INLINE V softmax_lanes(const Lanes& x, float weight) {
  const F f;
  V top = x.score(0);
  for (std::size_t c = 1; c < x.block.classes; ++c) top = hn::Max(top, x.score(c));
  const V own = hn::Sub(x.own(), top);
  V sum = hn::Zero(f);
  for (std::size_t c = 0; c < x.block.classes; ++c) {
    const V e = exponential(f, hn::Sub(x.score(c), top));
    sum = hn::Add(sum, e);
    if constexpr (gradient) hn::StoreU(e, f, x.at(c));
  }
  if constexpr (gradient) {
    const V share = hn::Div(hn::Set(f, weight), sum);
    for (std::size_t c = 0; c < x.block.classes; ++c) x.set(c, hn::Mul(x.score(c), share));
    x.add_to_own(hn::Set(f, -weight));
  }
  return hn::Sub(logarithm(f, sum), own);
}

template <bool gradient, bool squared>
HWY_INLINE V hinge_lanes(const Lanes& x, float delta, float weight) {
  const F f;
  const V own = hn::Sub(x.own(), hn::Set(f, delta));
  const V slope = hn::Set(f, squared ? 2 * weight : weight);
  V loss = hn::Zero(f);
  V total = hn::Zero(f);
  for (std::size_t c = 0; c < x.block.classes; ++c) {
    const V margin = hn::Sub(x.score(c), own);
    // NaN is neither above 0 nor at most 0: it must reach the loss, not vanish.
    const M active = hn::AndNot(x.is_own(c), hn::Not(hn::Le(margin, hn::Zero(f))));
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

template <bool gradient>
HWY_INLINE void losses_of(const Loss& loss, const ScoreBlock& examples, float weight, float* out) {
  const F f;
  const auto delta = static_cast<float>(loss.delta);
  for (std::size_t h = 0; h < block; h += hn::Lanes(f)) {
    const Lanes lanes{.block = examples, .h = h};
    V found;
    switch (loss.kind) {
      case LossKind::hinge:
        found = hinge_lanes<gradient, false>(lanes, delta, weight);
        break;
      case LossKind::squared_hinge:
        found = hinge_lanes<gradient, true>(lanes, delta, weight);
        break;
      default:
        found = softmax_lanes<gradient>(lanes, weight);
    }
    hn::StoreU(found, f, out + h);
  }
}

void losses_only(const Loss& loss, const ScoreBlock& examples, float* out) {
  losses_of<false>(loss, examples, 0, out);
}

void with_gradients(const Loss& loss, const ScoreBlock& examples, float weight, float* out) {
  losses_of<true>(loss, examples, weight, out);
}

void ranks_of(const ScoreBlock& examples, std::int32_t* out) {
  const F f;
  const hn::RebindToSigned<F> words;
  for (std::size_t h = 0; h < block; h += hn::Lanes(f)) {
    const Lanes x{.block = examples, .h = h};
    const V own = x.own();
    const auto labels = hn::LoadU(words, examples.labels + h);
    auto rank = hn::Zero(words);
    for (std::size_t c = 0; c < examples.classes; ++c) {
      const V score = x.score(c);
      const auto number = hn::Set(words, static_cast<std::int32_t>(c));
      const M before = hn::RebindMask(f, hn::Lt(number, labels));
      const M after = hn::RebindMask(f, hn::Gt(number, labels));
      const M higher =
          hn::Or(hn::AndNot(hn::Lt(score, own), before), hn::AndNot(hn::Le(score, own), after));
      rank = hn::Sub(rank, hn::VecFromMask(words, hn::RebindMask(words, higher)));
    }
    hn::StoreU(rank, words, out + h);
  }
}

/// y = function(x), with zeros behind the last.
template <class Function>
HWY_INLINE void map(const float* x, std::size_t n, float* y, Function function) {
  const F f;
  HWY_ALIGN float part[block];
  for (std::size_t i = 0; i < n; i += hn::Lanes(f)) {
    const std::size_t count = HWY_MIN(hn::Lanes(f), n - i);
    for (std::size_t k = 0; k < hn::Lanes(f); ++k) part[k] = k < count ? x[i + k] : 0.0F;
    hn::Store(function(f, hn::Load(f, part)), f, part);
    for (std::size_t k = 0; k < count; ++k) y[i + k] = part[k];
  }
}

void exponentials_of(const float* x, std::size_t n, float* y) {
  map(x, n, y, [](F f, V v) HWY_ATTR { return exponential(f, v); });
}
void logarithms_of(const float* x, std::size_t n, float* y) {
  map(x, n, y, [](F f, V v) HWY_ATTR { return logarithm(f, v); });
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(losses_only);
HWY_EXPORT(with_gradients);
HWY_EXPORT(ranks_of);
HWY_EXPORT(exponentials_of);
HWY_EXPORT(logarithms_of);

void losses(const Loss& loss, const ScoreBlock& examples, float* losses) {
  HWY_DYNAMIC_DISPATCH(losses_only)(loss, examples, losses);
}

void gradients(const Loss& loss, const ScoreBlock& examples, float weight, float* losses) {
  HWY_DYNAMIC_DISPATCH(with_gradients)(loss, examples, weight, losses);
}

void ranks(const ScoreBlock& examples, std::int32_t* ranks) {
  HWY_DYNAMIC_DISPATCH(ranks_of)(examples, ranks);
}

void exponentials(const float* x, std::size_t n, float* y) {
  HWY_DYNAMIC_DISPATCH(exponentials_of)(x, n, y);
}

void logarithms(const float* x, std::size_t n, float* y) {
  HWY_DYNAMIC_DISPATCH(logarithms_of)(x, n, y);
}

}  // namespace fallline::kernels
#endif
