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
  std::size_t first;    ///< class of the tile
  ColumnBlocks columns;
  const OuterSums& sums;

  /// Where the gradient of class `first` + k and column d goes.
  [[nodiscard]] HWY_INLINE float* gradient(std::size_t k, std::size_t d) const {
    return sums.gradient + (first + k) * sums.stride + (d - columns.begin * block);
  }
};

/// Puts the sums of one class and 16 columns where the last block of a row begins early: those that
/// the block before has too are left out.
HWY_INLINE void store_rest(const Strip& strip, std::size_t b, std::size_t k, const float* sums) {
  const std::size_t start = Panel{.classes = 1, .features = strip.rows.features}.start(b);
  for (std::size_t d = b * block; d < strip.rows.features; ++d)
    *strip.gradient(k, d) = sums[d - start] * strip.sums.scale[d];
}

/// Adds Gᵀ(X − mean) for K classes and M vectors of columns from column block b on.
template <std::size_t K, std::size_t M, class Cell>
HWY_INLINE void add_tile(const Strip& strip, std::size_t b) {
  const F f;
  constexpr std::size_t parts = block / lanes;  // vectors of a column block
  const auto place = [](std::size_t m, std::size_t k) {
    return (m / parts * K + k) * block + m % parts * lanes;
  };
  const StagedRows& rows = strip.rows;
  float* a = strip.sums.panel +
             Panel{.classes = strip.classes, .features = rows.features}.offset(strip.first, b);
  const Cell* x[M];
  V mean[M];
  V sum[K][M];
  for (std::size_t m = 0; m < M; ++m) {
    x[m] = reinterpret_cast<const Cell*>(rows.stage.cells +
                                         rows.stage.offset(rows.cells, b + m / parts, 0)) +
           m % parts * lanes;
    mean[m] = hn::Load(f, rows.mean + b * block + m * lanes);
    for (std::size_t k = 0; k < K; ++k)
      sum[k][m] = strip.sums.fresh ? hn::Zero(f) : hn::Load(f, a + place(m, k));
  }
  for (std::size_t first = 0; first < rows.count; first += block) {
    const float* g = strip.g + (first * strip.classes + strip.first * block);
    const std::size_t count = std::min(block, rows.count - first);
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
  const bool last = strip.sums.gradient != nullptr;
  if (!last || b * block + M * lanes > rows.features) {
    for (std::size_t m = 0; m < M; ++m)
      for (std::size_t k = 0; k < K; ++k) hn::Store(sum[k][m], f, a + place(m, k));
    for (std::size_t k = 0; last && k < K; ++k) store_rest(strip, b, k, a + k * block);
    return;
  }
  for (std::size_t m = 0; m < M; ++m) {
    const std::size_t d = b * block + m * lanes;
    const V scale = hn::LoadU(f, strip.sums.scale + d);
    for (std::size_t k = 0; k < K; ++k)
      hn::StoreU(hn::Mul(sum[k][m], scale), f, strip.gradient(k, d));
  }
}

template <class Cell>
void add_outer_of(const StagedRows& rows, const float* g, std::size_t classes, ColumnBlocks columns,
                  const OuterSums& sums) {
  constexpr std::size_t parts = block / lanes;
  const std::size_t regular = std::min(columns.end, rows.features / block);
  for_class_tiles(classes, [&](std::size_t c, auto tile) HWY_ATTR {
    constexpr std::size_t K = tile();
    constexpr std::size_t wide = std::max(column_tile<K> / parts, std::size_t{1});
    const Strip strip{
        .rows = rows, .g = g, .classes = classes, .first = c, .columns = columns, .sums = sums};
    std::size_t b = columns.begin;
    for (; b + wide <= regular; b += wide) add_tile<K, wide * parts, Cell>(strip, b);
    for (; b < columns.end; ++b) add_tile<K, parts, Cell>(strip, b);
  });
}

void add_outer_u8(const StagedRows& rows, const float* g, std::size_t classes, ColumnBlocks columns,
                  const OuterSums& sums) {
  add_outer_of<std::uint8_t>(rows, g, classes, columns, sums);
}
void add_outer_f32(const StagedRows& rows, const float* g, std::size_t classes,
                   ColumnBlocks columns, const OuterSums& sums) {
  add_outer_of<float>(rows, g, classes, columns, sums);
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(add_outer_u8);
HWY_EXPORT(add_outer_f32);

void add_outer(const StagedRows& rows, const float* g, std::size_t classes, ColumnBlocks columns,
               const OuterSums& sums) {
  if (rows.cells == CellType::u8) {
    HWY_DYNAMIC_DISPATCH(add_outer_u8)(rows, g, classes, columns, sums);
  } else {
    HWY_DYNAMIC_DISPATCH(add_outer_f32)(rows, g, classes, columns, sums);
  }
}

}  // namespace fallline::kernels
#endif
