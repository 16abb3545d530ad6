#include "kernels/line_losses.hpp"

#include "kernels/layout.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/line_losses.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/losses-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

/// Examples of a line from h on.
struct LineLanes {
  LineLanes(const ScoreLine& examples, std::size_t first)
      : line(examples),
        h(first),
        labelled(examples.labels + first),
        present(hn::FirstN(F(), first < examples.count ? examples.count - first : 0)) {
    const F f;
    HWY_ALIGN float bases[kernels::block];
    HWY_ALIGN float slopes[kernels::block];
    for (std::size_t i = 0; i < hn::Lanes(f); ++i) {
      const std::size_t at = static_cast<std::size_t>(line.labels[h + i]) * kernels::block + h + i;
      bases[i] = line.base[at];
      slopes[i] = line.slope[at];
    }
    own_base = hn::Load(f, bases);
    own_slope = hn::Load(f, slopes);
  }

  const ScoreLine& line;
  std::size_t h;
  LaneLabels labelled;
  M present;
  V own_base;
  V own_slope;
};

/// The same at a point.
struct PointLanes {
  const LineLanes& of;
  V t;

  [[nodiscard]] HWY_INLINE std::size_t classes() const { return of.line.classes; }
  [[nodiscard]] HWY_INLINE const LaneLabels& labels() const { return of.labelled; }
  [[nodiscard]] HWY_INLINE V score(std::size_t c) const {
    const std::size_t at = c * kernels::block + of.h;
    const F f;
    return hn::MulAdd(t, hn::LoadU(f, of.line.slope + at), hn::LoadU(f, of.line.base + at));
  }
  [[nodiscard]] HWY_INLINE V own() const { return hn::MulAdd(t, of.own_slope, of.own_base); }
};

/// The sum of the lanes, in double.
HWY_INLINE double sum_of_lanes(V losses) {
#if HWY_TARGET == HWY_SCALAR
  return static_cast<double>(hn::GetLane(losses));
#else
  const hn::Half<F> half;
  const hn::Rebind<double, decltype(half)> wide;
  const auto sum = hn::Add(hn::PromoteTo(wide, hn::LowerHalf(half, losses)),
                           hn::PromoteTo(wide, hn::UpperHalf(half, losses)));
  return hn::GetLane(hn::SumOfLanes(wide, sum));
#endif
}

HWY_INLINE std::size_t hits_of(const PointLanes& x) {
  const V own = x.own();
  M missed = hn::Not(x.of.present);
  for (std::size_t c = 0; c < x.classes(); ++c) missed = hn::Or(missed, comes_first(x, c, own));
  return hn::Lanes(F()) - hn::CountTrue(F(), missed);
}

void add_along(const Loss& loss, const ScoreLine& examples, const LinePoints& points) {
  const F f;
  for (std::size_t h = 0; h < examples.count; h += hn::Lanes(f)) {
    const LineLanes line(examples, h);
    for (std::size_t p = 0; p < points.count; ++p) {
      const PointLanes x{.of = line, .t = hn::Set(f, points.at[p])};
      const V found = losses_of_lanes<false>(loss, x, 0);
      points.losses[p] += sum_of_lanes(hn::IfThenElseZero(line.present, found));
      if (points.hits != nullptr) points.hits[p] += hits_of(x);
    }
  }
}

void move(const float* scores, const float* slope, float u, std::size_t classes, float* base) {
  const F f;
  for (std::size_t k = 0; k < classes * block; k += hn::Lanes(f))
    hn::StoreU(hn::MulAdd(hn::Set(f, u), hn::LoadU(f, slope + k), hn::LoadU(f, scores + k)), f,
               base + k);
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(add_along);
HWY_EXPORT(move);

void add_losses_along(const Loss& loss, const ScoreLine& examples, const LinePoints& points) {
  HWY_DYNAMIC_DISPATCH(add_along)(loss, examples, points);
}

void move_scores(const float* scores, const float* slope, float u, std::size_t classes,
                 float* base) {
  HWY_DYNAMIC_DISPATCH(move)(scores, slope, u, classes, base);
}

}  // namespace fallline::kernels
#endif
