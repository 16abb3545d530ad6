#include "kernels/columns.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/columns.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using F = hn::CappedTag<float, block>;
using One = hn::CappedTag<float, 1>;
using Doubles = hn::CappedTag<double, block / 2>;
using D = hn::Vec<Doubles>;

/// Σ term(p_i) in double.
template <class Term>
HWY_INLINE double sum_of(const float* p, std::size_t n, Term term) {
  const Doubles d;
  const hn::Rebind<float, Doubles> floats;
  const std::size_t lanes = hn::Lanes(d);
  D even = hn::Zero(d);
  D odd = hn::Zero(d);
  std::size_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    even = hn::Add(even, term(hn::PromoteTo(d, hn::LoadU(floats, p + i))));
    odd = hn::Add(odd, term(hn::PromoteTo(d, hn::LoadU(floats, p + i + lanes))));
  }
  double total = hn::GetLane(hn::SumOfLanes(d, hn::Add(even, odd)));
  for (; i < n; ++i) total += hn::GetLane(term(hn::Set(d, static_cast<double>(p[i]))));
  return total;
}

HWY_INLINE double sum_of_squares(const float* p, std::size_t n) {
  return sum_of(p, n, [](D v) HWY_ATTR { return hn::Mul(v, v); });
}

void pack_columns(const Panel& shape, const float* w, const float* scale, ColumnBlocks columns,
                  float* panel) {
  const F f;
  for (std::size_t c = 0; c < shape.classes; ++c)
    for (std::size_t b = columns.begin; b < columns.end; ++b) {
      const float* from = w + c * shape.features;
      float* to = panel + shape.offset(c, b);
      const std::size_t column = b * block;
      if (column + block <= shape.features) {
        for (std::size_t h = 0; h < block; h += hn::Lanes(f))
          hn::Store(hn::Mul(hn::LoadU(f, from + column + h), hn::LoadU(f, scale + column + h)), f,
                    to + h);
      } else {
        std::fill_n(to, block, 0.0F);
        for (std::size_t d = column; d < shape.features; ++d)
          to[d - shape.start(b)] = from[d] * scale[d];
      }
    }
}

/// g = a·scale + λ₂ w + λ₁ sign w for the lanes of `f`.
template <class Tag>
HWY_INLINE void finish_lanes(Tag f, const GradientColumns& from, const float* a, const float* scale,
                             const float* w, float* g) {
  const auto weight = hn::LoadU(f, w);
  const auto l1 = hn::Set(f, from.l1);
  const auto up = hn::IfThenElseZero(hn::Gt(weight, hn::Zero(f)), l1);
  const auto down = hn::IfThenElseZero(hn::Lt(weight, hn::Zero(f)), l1);
  const auto penalty = hn::MulAdd(hn::Set(f, from.l2), weight, hn::Sub(up, down));
  hn::StoreU(hn::MulAdd(hn::LoadU(f, a), hn::LoadU(f, scale), penalty), f, g);
}

double finish_columns(const Panel& shape, const GradientColumns& from, ColumnBlocks columns,
                      float* g) {
  const F f;
  const std::size_t begin = columns.begin * block;
  const std::size_t end = std::min(shape.features, columns.end * block);
  double squares = 0;
  for (std::size_t c = 0; c < shape.classes; ++c) {
    const std::size_t row = c * shape.features;
    for (std::size_t d = begin; d < end;) {
      const std::size_t b = d / block;
      const float* a = from.panel + shape.offset(c, b) + d - shape.start(b);
      const bool whole = (b + 1) * block <= shape.features;
      if (whole)
        finish_lanes(f, from, a, from.scale + d, from.w + row + d, g + row + d);
      else
        finish_lanes(One(), from, a, from.scale + d, from.w + row + d, g + row + d);
      d += whole ? hn::Lanes(f) : 1;
    }
    squares += sum_of_squares(g + row + begin, end - begin);
  }
  return squares;
}

PenaltySums sums_of_penalty(const float* w, std::size_t n) {
  return {.squares = sum_of_squares(w, n),
          .sizes = sum_of(w, n, [](D v) HWY_ATTR { return hn::Abs(v); })};
}

void sum_classes(const float* g, std::size_t classes, std::size_t blocks, double* sums) {
  const auto itself = [](D v) HWY_ATTR { return v; };
  for (std::size_t b = 0; b < blocks; ++b)
    for (std::size_t c = 0; c < classes; ++c)
      sums[c] += sum_of(g + (b * classes + c) * block, block, itself);
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(pack_columns);
HWY_EXPORT(finish_columns);
HWY_EXPORT(sum_classes);
HWY_EXPORT(sums_of_penalty);

void pack(const Panel& shape, const float* w, const float* scale, ColumnBlocks columns,
          float* panel) {
  HWY_DYNAMIC_DISPATCH(pack_columns)(shape, w, scale, columns, panel);
}

double gradient_columns(const Panel& shape, const GradientColumns& from, ColumnBlocks columns,
                        float* g) {
  return HWY_DYNAMIC_DISPATCH(finish_columns)(shape, from, columns, g);
}

PenaltySums penalty_sums(const float* w, std::size_t n) {
  return HWY_DYNAMIC_DISPATCH(sums_of_penalty)(w, n);
}

void add_class_sums(const float* g, std::size_t classes, std::size_t blocks, double* sums) {
  HWY_DYNAMIC_DISPATCH(sum_classes)(g, classes, blocks, sums);
}

}  // namespace fallline::kernels
#endif
