#include "kernels/columns.hpp"

#include <algorithm>
#include <array>

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

/// Sums of floats in double, in two vectors that do not wait for one another.
struct Sums {
  D even;
  D odd;
  double rest;

  /// Adds term(p_i) for i in 0..n-1.
  template <class Term>
  HWY_INLINE void add(const float* p, std::size_t n, Term term) {
    const Doubles d;
    const hn::Rebind<float, Doubles> floats;
    const std::size_t lanes = hn::Lanes(d);
    std::size_t i = 0;
    for (; i + 2 * lanes <= n; i += 2 * lanes) {
      even = hn::Add(even, term(hn::PromoteTo(d, hn::LoadU(floats, p + i))));
      odd = hn::Add(odd, term(hn::PromoteTo(d, hn::LoadU(floats, p + i + lanes))));
    }
    for (; i < n; ++i) rest += hn::GetLane(term(hn::Set(d, static_cast<double>(p[i]))));
  }
  HWY_INLINE void add_squares(const float* p, std::size_t n) {
    add(p, n, [](D v) HWY_ATTR { return hn::Mul(v, v); });
  }
  [[nodiscard]] HWY_INLINE double total() const {
    return hn::GetLane(hn::SumOfLanes(Doubles(), hn::Add(even, odd))) + rest;
  }
};

HWY_INLINE Sums nothing() {
  return {.even = hn::Zero(Doubles()), .odd = hn::Zero(Doubles()), .rest = 0};
}

/// The columns of one class that a call is about: whole blocks, and what D leaves of the last.
struct ClassColumns {
  ClassColumns(const Panel& shape, std::size_t c, ColumnBlocks columns)
      : first(columns.begin * block),
        whole(std::min(columns.end, shape.features / block) * block),
        end(std::min(shape.features, columns.end * block)),
        offset(shape.offset(c, columns.begin)),
        stride(shape.stride(c)),
        rest(offset + (whole - first) / block * stride +
             (whole - shape.start(std::min(whole / block, shape.column_blocks() - 1)))) {}

  std::size_t first;
  std::size_t whole;  ///< the end of the whole blocks
  std::size_t end;
  std::size_t offset;  ///< in the panel, of the first column
  std::size_t stride;  ///< from a block to the next
  std::size_t rest;    ///< in the panel, of column `whole`
};

void pack_columns(const Panel& shape, const float* w, const float* scale, ColumnBlocks columns,
                  float* panel) {
  const F f;
  for (std::size_t c = 0; c < shape.classes; ++c) {
    const ClassColumns at(shape, c, columns);
    const float* from = w + c * shape.features;
    float* to = panel + at.offset;
    for (std::size_t d = at.first; d < at.whole; d += block, to += at.stride)
      for (std::size_t h = 0; h < block; h += hn::Lanes(f))
        hn::Store(hn::Mul(hn::LoadU(f, from + d + h), hn::LoadU(f, scale + d + h)), f, to + h);
    if (at.whole == at.end) continue;
    std::fill_n(to, block, 0.0F);
    for (std::size_t d = at.whole; d < at.end; ++d)
      panel[at.rest + d - at.whole] = from[d] * scale[d];
  }
}

/// g += λ₂ w + λ₁ sign w for the lanes of `f`.
template <class Tag>
HWY_INLINE void add_penalty_lanes(Tag f, const float* w, float l2, float l1, float* g) {
  const auto weight = hn::LoadU(f, w);
  const auto one = hn::Set(f, l1);
  const auto up = hn::IfThenElseZero(hn::Gt(weight, hn::Zero(f)), one);
  const auto down = hn::IfThenElseZero(hn::Lt(weight, hn::Zero(f)), one);
  const auto penalty = hn::MulAdd(hn::Set(f, l2), weight, hn::Sub(up, down));
  hn::StoreU(hn::Add(hn::LoadU(f, g), penalty), f, g);
}

void add_penalty(const float* w, std::size_t n, float l2, float l1, float* g) {
  const F f;
  std::size_t i = 0;
  for (; i + hn::Lanes(f) <= n; i += hn::Lanes(f)) add_penalty_lanes(f, w + i, l2, l1, g + i);
  for (; i < n; ++i) add_penalty_lanes(One(), w + i, l2, l1, g + i);
}

double squares_of(const float* g, std::size_t n) {
  Sums sums = nothing();
  sums.add_squares(g, n);
  return sums.total();
}

PenaltySums sums_of_penalty(const float* w, std::size_t n) {
  Sums squares = nothing();
  Sums sizes = nothing();
  squares.add_squares(w, n);
  sizes.add(w, n, [](D v) HWY_ATTR { return hn::Abs(v); });
  return {.squares = squares.total(), .sizes = sizes.total()};
}

void sum_classes(const float* g, std::size_t classes, std::size_t blocks, double* sums) {
  for (std::size_t c = 0; c < classes; ++c) {
    Sums sum = nothing();
    for (std::size_t b = 0; b < blocks; ++b)
      sum.add(g + (b * classes + c) * block, block, [](D v) HWY_ATTR { return v; });
    sums[c] += sum.total();
  }
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(pack_columns);
HWY_EXPORT(add_penalty);
HWY_EXPORT(squares_of);
HWY_EXPORT(sum_classes);
HWY_EXPORT(sums_of_penalty);

void pack(const Panel& shape, const float* w, const float* scale, ColumnBlocks columns,
          float* panel) {
  HWY_DYNAMIC_DISPATCH(pack_columns)(shape, w, scale, columns, panel);
}

void add_penalty_gradient(const float* w, std::size_t n, float l2, float l1, float* g) {
  HWY_DYNAMIC_DISPATCH(add_penalty)(w, n, l2, l1, g);
}

double sum_of_squares(const float* g, std::size_t n) {
  return HWY_DYNAMIC_DISPATCH(squares_of)(g, n);
}

double sum_of_squared_moves(const float* from, const float* to, std::size_t n) {
  constexpr std::size_t piece = 256;
  std::array<float, piece> moves;
  double sum = 0;
  for (std::size_t first = 0; first < n; first += piece) {
    const std::size_t count = std::min(piece, n - first);
    for (std::size_t i = 0; i < count; ++i) moves[i] = to[first + i] - from[first + i];
    sum += sum_of_squares(moves.data(), count);
  }
  return sum;
}

PenaltySums penalty_sums(const float* w, std::size_t n) {
  return HWY_DYNAMIC_DISPATCH(sums_of_penalty)(w, n);
}

void add_class_sums(const float* g, std::size_t classes, std::size_t blocks, double* sums) {
  HWY_DYNAMIC_DISPATCH(sum_classes)(g, classes, blocks, sums);
}

}  // namespace fallline::kernels
#endif
