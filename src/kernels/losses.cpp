#include "kernels/losses.hpp"

#include "kernels/layout.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/losses.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/losses-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

/// `lanes` examples of a block, from example h on.
struct Lanes {
  const ScoreBlock& block;
  std::size_t h;
  F f = {};
  M present = hn::FirstN(f, h < block.count ? block.count - h : 0);

  [[nodiscard]] HWY_INLINE std::size_t classes() const { return block.classes; }
  [[nodiscard]] HWY_INLINE LaneLabels labels() const { return LaneLabels(block.labels + h); }
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
};

template <bool gradient>
HWY_INLINE void losses_of(const Loss& loss, const ScoreBlock& examples, float weight, float* out) {
  const F f;
  for (std::size_t h = 0; h < block; h += hn::Lanes(f)) {
    const Lanes lanes{.block = examples, .h = h};
    hn::StoreU(losses_of_lanes<gradient>(loss, lanes, weight), f, out + h);
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
    auto rank = hn::Zero(words);
    for (std::size_t c = 0; c < examples.classes; ++c)
      rank = hn::Sub(rank, hn::VecFromMask(words, hn::RebindMask(words, comes_first(x, c, own))));
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
