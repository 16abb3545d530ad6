#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>

#include "kernels/linear.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/scores.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/cells-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

/// Rows that share a loaded weight: as many as leave the sums of K classes in registers.
template <std::size_t K>
constexpr std::size_t row_tile = many_registers ? (K > 2 ? 4 : 8) : (K > 2 ? 2 : 4);

/// Rows that go over a chunk of columns together, while its weights stay in the L1 cache.
constexpr std::size_t group = 2 * block;

/// Column blocks of a chunk: 5 classes of it, beside the cells of some rows, fill half of L1.
template <class Cell>
constexpr std::size_t chunk = sizeof(Cell) == 1 ? 64 : 32;

/// What is to be fetched beside a chunk's work: the chunk after it, of the same rows or the next.
template <class Cell>
struct Ahead {
  const Cell* const* rows;  ///< as many as the group has; null: nothing
  std::size_t column;
};

template <class Cell>
struct Chunk {
  const Cell* const* x;  ///< the group's rows
  const float* mean;
  const float* weights;  ///< of the class tile
  std::size_t features;
  ColumnBlocks columns;
  Ahead<Cell> ahead;
};

/// Adds a chunk of columns to the partial sums of R rows and K classes: 16 lanes each, R×K×lanes
/// floats at `sums`.
template <std::size_t R, std::size_t K, class Cell>
HWY_INLINE void add_chunk(const Chunk<Cell>& chunk, std::size_t row, float* HWY_RESTRICT sums) {
  const F f;
  const Cell* x[R];
  V sum[R][K];
  for (std::size_t r = 0; r < R; ++r) {
    x[r] = chunk.x[row + r];
    for (std::size_t k = 0; k < K; ++k)
      sum[r][k] = chunk.columns.begin == 0 ? hn::Zero(f) : hn::Load(f, sums + (r * K + k) * lanes);
  }
  const std::size_t last_column = chunk.features - std::min(block, chunk.features);
  constexpr std::size_t line_blocks = std::max<std::size_t>(1, 64 / (block * sizeof(Cell)));
  std::size_t fetch = chunk.ahead.column;
  for (std::size_t b = chunk.columns.begin; b < chunk.columns.end; ++b) {
    const std::size_t column = std::min(b * block, last_column);
    const float* w = chunk.weights + b * K * block;
    for (std::size_t h = 0; h < block; h += lanes) {
      const V mean = hn::Load(f, chunk.mean + b * block + h);
      V z[R];
      for (std::size_t r = 0; r < R; ++r) z[r] = hn::Sub(load(f, x[r] + column + h), mean);
      for (std::size_t k = 0; k < K; ++k) {
        const V weight = hn::Load(f, w + k * block + h);
        for (std::size_t r = 0; r < R; ++r) sum[r][k] = hn::MulAdd(z[r], weight, sum[r][k]);
      }
    }
    if (b % line_blocks == 0 && chunk.ahead.rows != nullptr) {
      for (std::size_t r = 0; r < R; ++r) hwy::Prefetch(chunk.ahead.rows[row + r] + fetch);
      fetch += line_blocks * block;
    }
  }
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t k = 0; k < K; ++k) hn::Store(sum[r][k], f, sums + (r * K + k) * lanes);
}

/// [a0+a1, a2+a3, …, b0+b1, b2+b3, …]
HWY_INLINE V add_pairs(F f, V a, V b) {
#if HWY_TARGET == HWY_SCALAR  // of one lane: never called
  return hn::Add(a, hn::Add(b, hn::Zero(f)));
#else
  return hn::Add(hn::ConcatEven(f, b, a), hn::ConcatOdd(f, b, a));
#endif
}

/// One number a row from a vector of partial sums a row: `lanes` rows, `stride` floats apart.
HWY_INLINE V sums_of_rows(F f, const float* sums, std::size_t stride) {
  V t[lanes];
  for (std::size_t r = 0; r < lanes; ++r) t[r] = hn::Load(f, sums + r * stride);
  for (std::size_t n = lanes / 2; n > 0; n /= 2)
    for (std::size_t r = 0; r < n; ++r) t[r] = add_pairs(f, t[2 * r], t[2 * r + 1]);
  return t[0];
}

template <std::size_t K>
HWY_INLINE void finish_rows(const float* sums, const float* bias, std::size_t rows,
                            std::size_t classes, float* out) {
  const F f;
  for (std::size_t i = 0; i < rows; i += lanes)
    for (std::size_t k = 0; k < K; ++k) {
      const V sum = sums_of_rows(f, sums + (i * K + k) * lanes, K * lanes);
      hn::StoreU(hn::Add(sum, hn::Set(f, bias[k])), f,
                 out + (i / block * classes + k) * block + i % block);
    }
}

/// The part of a chunk that rows [0, n) have.
template <std::size_t K, class Cell>
HWY_INLINE void add_rows(const Chunk<Cell>& chunk, std::size_t n, float* sums) {
  constexpr std::size_t tile = row_tile<K>;
  std::size_t i = 0;
  for (; i + tile <= n; i += tile) add_chunk<tile, K>(chunk, i, sums + i * K * lanes);
  for (; i < n; ++i) add_chunk<1, K>(chunk, i, sums + i * K * lanes);
}

/// Scores of up to `group` rows.
template <class Cell>
HWY_NOINLINE void score_group(const Rows& rows, const float* weights, const float* bias,
                              std::size_t classes, float* out) {
  const Panel panel{.classes = classes, .features = rows.features};
  const std::size_t n = rows.pointers.size();
  const WholeRows<Cell, group> whole(rows.pointers, rows.features);
  const bool fetch = rows.ahead.size() >= n && rows.features >= block;
  const auto* next = reinterpret_cast<const Cell* const*>(rows.ahead.data());
  const std::size_t column_blocks = panel.column_blocks();
  for_class_tiles(classes, [&](std::size_t c, auto tile) HWY_ATTR {
    constexpr std::size_t K = tile();
    HWY_ALIGN float sums[group * K * lanes];
    // The places of missing rows add up to nothing.
    const std::size_t places = blocks_of(n) * block;
    std::fill(sums + n * K * lanes, sums + places * K * lanes, 0.0F);
    const bool last_tile = c + K == classes;
    for (std::size_t b = 0; b < column_blocks; b += chunk<Cell>) {
      const std::size_t end = std::min(column_blocks, b + chunk<Cell>);
      Ahead<Cell> ahead{.rows = whole.pointers(), .column = end * block};
      if (end == column_blocks) ahead = {.rows = last_tile && fetch ? next : nullptr, .column = 0};
      add_rows<K>(Chunk<Cell>{.x = whole.pointers(),
                              .mean = rows.mean,
                              .weights = weights + panel.offset(c, 0),
                              .features = rows.features,
                              .columns = {.begin = b, .end = end},
                              .ahead = ahead},
                  n, sums);
    }
    finish_rows<K>(sums, bias + c, places, classes, out + c * block);
  });
}

template <class Cell>
void scores_of(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
               float* out) {
  const std::size_t n = rows.pointers.size();
  for (std::size_t i = 0; i < n; i += group) {
    Rows part = rows;
    part.pointers = rows.pointers.subspan(i, std::min(group, n - i));
    const std::size_t after = i + part.pointers.size();
    if (after < n) part.ahead = rows.pointers.subspan(after, std::min(group, n - after));
    score_group<Cell>(part, weights, bias, classes, out + i * classes);
  }
}

void scores_u8(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
               float* out) {
  scores_of<std::uint8_t>(rows, weights, bias, classes, out);
}
void scores_f32(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
                float* out) {
  scores_of<float>(rows, weights, bias, classes, out);
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(scores_u8);
HWY_EXPORT(scores_f32);

void scores(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
            float* scores) {
  if (rows.cells == CellType::u8) {
    HWY_DYNAMIC_DISPATCH(scores_u8)(rows, weights, bias, classes, scores);
  } else {
    HWY_DYNAMIC_DISPATCH(scores_f32)(rows, weights, bias, classes, scores);
  }
}

}  // namespace fallline::kernels
#endif
