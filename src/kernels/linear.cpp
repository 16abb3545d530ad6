#include "kernels/linear.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/linear.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using F = hn::ScalableTag<float>;
using V = hn::Vec<F>;

// Rows and column vectors that share the loaded operands: as many as the registers hold.
constexpr std::size_t row_tile = HWY_TARGET <= HWY_AVX3 ? 4 : 2;
constexpr std::size_t vector_tile = HWY_TARGET <= HWY_AVX3 ? 4 : 2;
constexpr std::size_t class_tile = 5;

HWY_INLINE V load(F f, const float* cells) { return hn::LoadU(f, cells); }

HWY_INLINE V load(F f, const std::uint8_t* cells) {
  const hn::Rebind<std::uint8_t, F> bytes;
  const hn::Rebind<std::int32_t, F> words;
  return hn::ConvertTo(f, hn::PromoteTo(words, hn::LoadU(bytes, cells)));
}

/// The first `count` cells, and zeros: reads nothing beyond the row's end.
template <class Cell>
HWY_INLINE V load_first(F f, const Cell* cells, std::size_t count) {
  HWY_ALIGN Cell whole[HWY_MAX_BYTES] = {};
  std::memcpy(whole, cells, count * sizeof(Cell));
  return load(f, whole);
}

template <class Cell>
const Cell* row(const Rows& rows, std::size_t i) {
  return reinterpret_cast<const Cell*>(rows.pointers[i]);
}

/// Scores of R rows for K classes, each summed in one vector of partial sums over d.
template <std::size_t R, std::size_t K, class Cell>
HWY_INLINE void score_tile(const Rows& rows, std::size_t first, const float* weights,
                           const float* bias, std::size_t classes, float* out) {
  const F f;
  const std::size_t lanes = hn::Lanes(f);
  const std::size_t stride = padded(rows.features);
  const Cell* x[R];
  V sum[R][K];
  for (std::size_t r = 0; r < R; ++r) {
    x[r] = row<Cell>(rows, first + r);
    for (std::size_t k = 0; k < K; ++k) sum[r][k] = hn::Zero(f);
  }
  const auto add = [&](std::size_t d, auto&& cells) HWY_ATTR {
    const V mean = hn::LoadU(f, rows.mean + d);
    V z[R];
    for (std::size_t r = 0; r < R; ++r) z[r] = hn::Sub(cells(x[r] + d), mean);
    for (std::size_t k = 0; k < K; ++k) {
      const V w = hn::LoadU(f, weights + k * stride + d);
      for (std::size_t r = 0; r < R; ++r) sum[r][k] = hn::MulAdd(z[r], w, sum[r][k]);
    }
  };
  std::size_t d = 0;
  for (; d + lanes <= rows.features; d += lanes)
    add(d, [&](const Cell* cells) HWY_ATTR { return load(f, cells); });
  const std::size_t rest = rows.features - d;
  // Beyond D the weights are zero, so that the −mean of the missing cells adds nothing.
  if (rest != 0) add(d, [&](const Cell* cells) HWY_ATTR { return load_first(f, cells, rest); });
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t k = 0; k < K; ++k)
      out[r * classes + k] = hn::GetLane(hn::SumOfLanes(f, sum[r][k])) + bias[k];
}

template <std::size_t K, class Cell>
void score_classes(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
                   float* out) {
  const std::size_t n = rows.pointers.size();
  std::size_t i = 0;
  for (; i + row_tile <= n; i += row_tile)
    score_tile<row_tile, K, Cell>(rows, i, weights, bias, classes, out + i * classes);
  for (; i < n; ++i) score_tile<1, K, Cell>(rows, i, weights, bias, classes, out + i * classes);
}

/// A += Gᵀ(X − mean) for K classes and M vectors of columns from d on; `count` columns exist.
template <std::size_t K, std::size_t M, class Cell>
HWY_INLINE void outer_tile(const Rows& rows, const float* g, std::size_t classes, std::size_t d,
                           std::size_t count, float* a) {
  const F f;
  const std::size_t lanes = hn::Lanes(f);
  const std::size_t stride = padded(rows.features);
  V mean[M];
  V sum[K][M];
  for (std::size_t m = 0; m < M; ++m) {
    mean[m] = hn::LoadU(f, rows.mean + d + m * lanes);
    for (std::size_t k = 0; k < K; ++k) sum[k][m] = hn::LoadU(f, a + k * stride + d + m * lanes);
  }
  const bool whole = count >= M * lanes;
  for (std::size_t i = 0; i < rows.pointers.size(); ++i) {
    const Cell* x = row<Cell>(rows, i) + d;
    V z[M];
    for (std::size_t m = 0; m < M; ++m)
      z[m] = hn::Sub(whole ? load(f, x + m * lanes) : load_first(f, x, count), mean[m]);
    for (std::size_t k = 0; k < K; ++k) {
      const V weight = hn::Set(f, g[i * classes + k]);
      for (std::size_t m = 0; m < M; ++m) sum[k][m] = hn::MulAdd(weight, z[m], sum[k][m]);
    }
  }
  for (std::size_t k = 0; k < K; ++k)
    for (std::size_t m = 0; m < M; ++m) hn::StoreU(sum[k][m], f, a + k * stride + d + m * lanes);
}

template <std::size_t K, class Cell>
void outer_classes(const Rows& rows, const float* g, std::size_t classes, std::size_t begin,
                   std::size_t end, float* a) {
  const std::size_t lanes = hn::Lanes(F());
  std::size_t d = begin;
  for (; d + vector_tile * lanes <= end; d += vector_tile * lanes)
    outer_tile<K, vector_tile, Cell>(rows, g, classes, d, vector_tile * lanes, a);
  for (; d < end; d += lanes)
    outer_tile<K, 1, Cell>(rows, g, classes, d, std::min(end - d, lanes), a);
}

/// Calls `work(K)` for class tiles of K = 5 and a last one of 1..5, as a compile-time number.
template <class Work>
HWY_INLINE void for_class_tiles(std::size_t classes, Work&& work) {
  std::size_t c = 0;
  for (; c + class_tile <= classes; c += class_tile)
    work(c, std::integral_constant<std::size_t, class_tile>());
  switch (classes - c) {
    case 4:
      return work(c, std::integral_constant<std::size_t, 4>());
    case 3:
      return work(c, std::integral_constant<std::size_t, 3>());
    case 2:
      return work(c, std::integral_constant<std::size_t, 2>());
    case 1:
      return work(c, std::integral_constant<std::size_t, 1>());
    default:
      return;
  }
}

template <class Cell>
void scores_of(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
               float* out) {
  const std::size_t stride = padded(rows.features);
  for_class_tiles(classes, [&](std::size_t c, auto k) {
    score_classes<k(), Cell>(rows, weights + c * stride, bias + c, classes, out + c);
  });
}

template <class Cell>
void add_outer_of(const Rows& rows, const float* g, std::size_t classes, std::size_t begin,
                  std::size_t end, float* a) {
  const std::size_t stride = padded(rows.features);
  for_class_tiles(classes, [&](std::size_t c, auto k) {
    outer_classes<k(), Cell>(rows, g + c, classes, begin, end, a + c * stride);
  });
}

void scores_u8(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
               float* out) {
  scores_of<std::uint8_t>(rows, weights, bias, classes, out);
}
void scores_f32(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
                float* out) {
  scores_of<float>(rows, weights, bias, classes, out);
}
void add_outer_u8(const Rows& rows, const float* g, std::size_t classes, std::size_t begin,
                  std::size_t end, float* a) {
  add_outer_of<std::uint8_t>(rows, g, classes, begin, end, a);
}
void add_outer_f32(const Rows& rows, const float* g, std::size_t classes, std::size_t begin,
                   std::size_t end, float* a) {
  add_outer_of<float>(rows, g, classes, begin, end, a);
}

std::int64_t target() { return HWY_TARGET; }

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(scores_u8);
HWY_EXPORT(scores_f32);
HWY_EXPORT(add_outer_u8);
HWY_EXPORT(add_outer_f32);
HWY_EXPORT(target);

void scores(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
            float* scores) {
  if (rows.cells == CellType::u8) {
    HWY_DYNAMIC_DISPATCH(scores_u8)(rows, weights, bias, classes, scores);
  } else {
    HWY_DYNAMIC_DISPATCH(scores_f32)(rows, weights, bias, classes, scores);
  }
}

void add_outer(const Rows& rows, const float* g, std::size_t classes, std::size_t begin,
               std::size_t end, float* a) {
  if (rows.cells == CellType::u8) {
    HWY_DYNAMIC_DISPATCH(add_outer_u8)(rows, g, classes, begin, end, a);
  } else {
    HWY_DYNAMIC_DISPATCH(add_outer_f32)(rows, g, classes, begin, end, a);
  }
}

std::string_view instruction_set() { return hwy::TargetName(HWY_DYNAMIC_DISPATCH(target)()); }

}  // namespace fallline::kernels
#endif
