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

struct Strip {
  const StagedRows& rows;
  const float* g;
  std::size_t classes;  ///< of G
  bool fresh;
};

/// A += Gᵀ(X − mean) for K classes and M vectors of columns from column block b on.
template <std::size_t K, std::size_t M, class Cell>
HWY_INLINE void add_tile(const Strip& strip, std::size_t b, float* HWY_RESTRICT a) {
  const F f;
  constexpr std::size_t parts = block / lanes;  // vectors of a column block
  const auto place = [](std::size_t m, std::size_t k) {
    return (m / parts * K + k) * block + m % parts * lanes;
  };
  float* to = a + b * K * block;
  const Cell* x[M];
  V mean[M];
  V sum[K][M];
  for (std::size_t m = 0; m < M; ++m) {
    const auto* cells = strip.rows.stage.cells;
    x[m] = reinterpret_cast<const Cell*>(
               cells + strip.rows.stage.offset(strip.rows.cells, b + m / parts, 0)) +
           m % parts * lanes;
    mean[m] = hn::Load(f, strip.rows.mean + b * block + m * lanes);
    for (std::size_t k = 0; k < K; ++k)
      sum[k][m] = strip.fresh ? hn::Zero(f) : hn::Load(f, to + place(m, k));
  }
  for (std::size_t first = 0; first < strip.rows.count; first += block) {
    const float* g = strip.g + first * strip.classes;
    const std::size_t count = std::min(block, strip.rows.count - first);
    for (std::size_t i = 0; i < count; ++i) {
      V z[M];
      for (std::size_t m = 0; m < M; ++m)
        z[m] = hn::Sub(load(f, x[m] + (first + i) * (64 / sizeof(Cell))), mean[m]);
      for (std::size_t k = 0; k < K; ++k) {
        const V weight = hn::Set(f, g[k * block + i]);
        for (std::size_t m = 0; m < M; ++m) sum[k][m] = hn::MulAdd(weight, z[m], sum[k][m]);
      }
    }
  }
  for (std::size_t m = 0; m < M; ++m)
    for (std::size_t k = 0; k < K; ++k) hn::Store(sum[k][m], f, to + place(m, k));
}

template <class Cell>
void add_outer_of(const StagedRows& rows, const float* g, std::size_t classes, ColumnBlocks columns,
                  bool fresh, float* a) {
  const Panel panel{.classes = classes, .features = rows.features};
  constexpr std::size_t parts = block / lanes;
  for_class_tiles(classes, [&](std::size_t c, auto tile) HWY_ATTR {
    constexpr std::size_t K = tile();
    constexpr std::size_t wide = std::max(column_tile<K> / parts, std::size_t{1});
    const Strip strip{.rows = rows, .g = g + c * block, .classes = classes, .fresh = fresh};
    float* to = a + panel.offset(c, 0);
    std::size_t b = columns.begin;
    for (; b + wide <= columns.end; b += wide) add_tile<K, wide * parts, Cell>(strip, b, to);
    for (; b < columns.end; ++b) add_tile<K, parts, Cell>(strip, b, to);
  });
}

void add_outer_u8(const StagedRows& rows, const float* g, std::size_t classes, ColumnBlocks columns,
                  bool fresh, float* a) {
  add_outer_of<std::uint8_t>(rows, g, classes, columns, fresh, a);
}
void add_outer_f32(const StagedRows& rows, const float* g, std::size_t classes,
                   ColumnBlocks columns, bool fresh, float* a) {
  add_outer_of<float>(rows, g, classes, columns, fresh, a);
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(add_outer_u8);
HWY_EXPORT(add_outer_f32);

void add_outer(const StagedRows& rows, const float* g, std::size_t classes, ColumnBlocks columns,
               bool fresh, float* a) {
  if (rows.cells == CellType::u8) {
    HWY_DYNAMIC_DISPATCH(add_outer_u8)(rows, g, classes, columns, fresh, a);
  } else {
    HWY_DYNAMIC_DISPATCH(add_outer_f32)(rows, g, classes, columns, fresh, a);
  }
}

}  // namespace fallline::kernels
#endif
