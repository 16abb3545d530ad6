#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "kernels/linear.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/outer.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/cells-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

/// Column vectors that share a broadcast number of G: as many as leave the sums in registers.
template <std::size_t K>
constexpr std::size_t column_tile = many_registers ? (K > 2 ? 4 : 8) : (K > 2 ? 2 : 4);

/// Rows fetched ahead of the one at work: they lie anywhere, and the hardware cannot guess where.
constexpr std::size_t distance = 12;

template <class Cell>
struct Strip {
  const Cell* const* x;
  std::size_t rows;
  const float* mean;
  const float* g;
  std::size_t classes;  ///< of G
  std::size_t features;
  bool fresh;
};

/// A += Gᵀ(X − mean) for K classes and M vectors of columns from column block b on.
template <std::size_t K, std::size_t M, class Cell>
HWY_INLINE void add_tile(const Strip<Cell>& strip, std::size_t b, float* HWY_RESTRICT a) {
  const F f;
  constexpr std::size_t parts = block / lanes;  // vectors of a column block
  const auto place = [](std::size_t m, std::size_t k) {
    return (m / parts * K + k) * block + m % parts * lanes;
  };
  const std::size_t column =
      std::min(b * block, strip.features - std::min(block, strip.features));
  float* to = a + b * K * block;
  V mean[M];
  V sum[K][M];
  for (std::size_t m = 0; m < M; ++m) {
    mean[m] = hn::Load(f, strip.mean + b * block + m * lanes);
    for (std::size_t k = 0; k < K; ++k)
      sum[k][m] = strip.fresh ? hn::Zero(f) : hn::Load(f, to + place(m, k));
  }
  for (std::size_t i = 0; i < strip.rows; ++i) {
    const Cell* x = strip.x[i] + column;
    hwy::Prefetch(strip.x[std::min(i + distance, strip.rows - 1)] + column);
    const float* g = strip.g + i / block * strip.classes * block + i % block;
    V z[M];
    for (std::size_t m = 0; m < M; ++m) z[m] = hn::Sub(load(f, x + m * lanes), mean[m]);
    for (std::size_t k = 0; k < K; ++k) {
      const V weight = hn::Set(f, g[k * block]);
      for (std::size_t m = 0; m < M; ++m) sum[k][m] = hn::MulAdd(weight, z[m], sum[k][m]);
    }
  }
  for (std::size_t m = 0; m < M; ++m)
    for (std::size_t k = 0; k < K; ++k) hn::Store(sum[k][m], f, to + place(m, k));
}

/// The columns [begin, end) in tiles; the last block of a row, which may begin early, is one.
template <class Cell>
HWY_NOINLINE void add_columns(const Strip<Cell>& strip, ColumnBlocks columns, float* a) {
  const Panel panel{.classes = strip.classes, .features = strip.features};
  const std::size_t regular = std::min(columns.end, strip.features / block);
  constexpr std::size_t parts = block / lanes;
  for_class_tiles(strip.classes, [&](std::size_t c, auto tile) HWY_ATTR {
    constexpr std::size_t K = tile();
    constexpr std::size_t wide = std::max(column_tile<K> / parts, std::size_t{1});
    Strip<Cell> part = strip;
    part.g += c * block;
    float* to = a + panel.offset(c, 0);
    std::size_t b = columns.begin;
    for (; b + wide <= regular; b += wide) add_tile<K, wide * parts>(part, b, to);
    for (; b < columns.end; ++b) add_tile<K, parts>(part, b, to);
  });
}

template <class Cell>
void add_outer_of(const Rows& rows, const float* g, std::size_t classes, ColumnBlocks columns,
                  bool fresh, float* a) {
  const std::size_t n = rows.pointers.size();
  Strip<Cell> strip{.x = reinterpret_cast<const Cell* const*>(rows.pointers.data()),
                    .rows = n,
                    .mean = rows.mean,
                    .g = g,
                    .classes = classes,
                    .features = rows.features,
                    .fresh = fresh};
  if (rows.features >= block) return add_columns(strip, columns, a);
  constexpr std::size_t group = 4 * block;
  for (std::size_t i = 0; i < n; i += group) {
    const WholeRows<Cell, group> whole(rows.pointers.subspan(i, std::min(group, n - i)),
                                       rows.features);
    strip.x = whole.pointers();
    strip.rows = std::min(group, n - i);
    strip.g = g + i * classes;
    add_columns(strip, columns, a);
    strip.fresh = false;
  }
}

void add_outer_u8(const Rows& rows, const float* g, std::size_t classes, ColumnBlocks columns,
                  bool fresh, float* a) {
  add_outer_of<std::uint8_t>(rows, g, classes, columns, fresh, a);
}
void add_outer_f32(const Rows& rows, const float* g, std::size_t classes, ColumnBlocks columns,
                   bool fresh, float* a) {
  add_outer_of<float>(rows, g, classes, columns, fresh, a);
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(add_outer_u8);
HWY_EXPORT(add_outer_f32);

void add_outer(const Rows& rows, const float* g, std::size_t classes, ColumnBlocks columns,
               bool fresh, float* a) {
  if (rows.cells == CellType::u8) {
    HWY_DYNAMIC_DISPATCH(add_outer_u8)(rows, g, classes, columns, fresh, a);
  } else {
    HWY_DYNAMIC_DISPATCH(add_outer_f32)(rows, g, classes, columns, fresh, a);
  }
}

}  // namespace fallline::kernels
#endif
