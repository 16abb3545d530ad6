#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "kernels/linear.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/scores.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/cells-inl.hpp"
#include "kernels/rows-inl.hpp"

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

/// Pointers to rows of at least 16 cells: shorter ones are copied, with zeros behind.
template <class Cell>
class WholeRows {
 public:
  WholeRows(std::span<const std::byte* const> rows, std::size_t features) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      pointers_[i] = reinterpret_cast<const Cell*>(rows[i]);
      if (features >= block) continue;
      copies_[i] = {};
      std::memcpy(copies_[i].data(), rows[i], features * sizeof(Cell));
      pointers_[i] = copies_[i].data();
    }
  }
  [[nodiscard]] const Cell* const* pointers() const { return pointers_.data(); }

 private:
  std::array<const Cell*, group> pointers_;
  std::array<std::array<Cell, block>, group> copies_;
};

/// A chunk of columns of a group of rows.
template <class Cell>
struct Chunk {
  RowsAtWork<Cell> at;
  const float* mean;
  const float* weights;  ///< of the class tile
  std::size_t features;
  ColumnBlocks columns;
  const Stage& stage;
  std::size_t position;  ///< of the group's first row in it

  /// Where column block b of a row goes.
  [[nodiscard]] HWY_INLINE Cell* staged(std::size_t b, std::size_t row) const {
    return reinterpret_cast<Cell*>(
        stage.cells +
        stage.offset(sizeof(Cell) == 1 ? CellType::u8 : CellType::f32, b, position + row));
  }
};

/// Adds a chunk of columns to the partial sums of R rows and K classes: 16 lanes each, R×K×lanes
/// floats at `sums`.
template <std::size_t R, std::size_t K, bool staging, class Cell>
HWY_INLINE void add_chunk(const Chunk<Cell>& chunk, std::size_t row, float* HWY_RESTRICT sums) {
  const F f;
  const Cell* x[R];
  V sum[R][K];
  for (std::size_t r = 0; r < R; ++r) {
    x[r] = chunk.at.x[row + r];
    for (std::size_t k = 0; k < K; ++k)
      sum[r][k] = chunk.columns.begin == 0 ? hn::Zero(f) : hn::Load(f, sums + (r * K + k) * lanes);
  }
  // 16 columns of the rows, from `column` on, which are block b of the panels.
  const auto add_block = [&](std::size_t b, std::size_t column) HWY_ATTR {
    const float* w = chunk.weights + b * K * block;
    for (std::size_t h = 0; h < block; h += lanes) {
      const V mean = keep(hn::Load(f, chunk.mean + b * block + h));
      V z[R];
      for (std::size_t r = 0; r < R; ++r) z[r] = hn::Sub(load(f, x[r] + column + h), mean);
      for (std::size_t k = 0; k < K; ++k) {
        const V weight = keep(hn::Load(f, w + k * block + h));
        for (std::size_t r = 0; r < R; ++r) sum[r][k] = hn::MulAdd(z[r], weight, sum[r][k]);
      }
    }
  };
  const auto ahead = chunk.at.template ahead<R>(row);
  constexpr std::size_t line = std::max<std::size_t>(1, 64 / (block * sizeof(Cell)));
  const std::size_t regular = std::min(chunk.columns.end, chunk.features / block);
  const std::size_t last_column = chunk.features - std::min(block, chunk.features);
  std::size_t b = chunk.columns.begin;
  for (; b + line <= regular; b += line) {
    if constexpr (staging)
      for (std::size_t r = 0; r < R; ++r)
        copy_cells<line * block>(x[r] + b * block, chunk.staged(b, row + r));
    const auto add_with_fetch = [&](auto q) HWY_ATTR {
      // The rows' next lines, a few with each block of a line.
      for (std::size_t r = q(); r < R; r += line)
        hwy::Prefetch(ahead[r] + (b - chunk.columns.begin) * block);
      add_block(b + q(), (b + q()) * block);
    };
    unroll<0, line>(add_with_fetch);
  }
  for (; b < chunk.columns.end; ++b) {
    const std::size_t column = b < regular ? b * block : last_column;
    if constexpr (staging)
      for (std::size_t r = 0; r < R; ++r)
        copy_cells<block>(x[r] + column, chunk.staged(b, row + r));
    add_block(b, column);
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

/// A chunk of columns of all rows.
template <std::size_t K, bool staging, class Cell>
HWY_INLINE void add_rows(const Chunk<Cell>& chunk, float* sums) {
  constexpr std::size_t tile = row_tile<K>;
  std::size_t i = 0;
  for (; i + tile <= chunk.at.rows; i += tile)
    add_chunk<tile, K, staging>(chunk, i, sums + i * K * lanes);
  for (; i < chunk.at.rows; ++i) add_chunk<1, K, staging>(chunk, i, sums + i * K * lanes);
}

/// Scores of up to `group` rows.
template <class Cell>
HWY_NOINLINE void score_group(const Rows& rows, const float* weights, const float* bias,
                              std::size_t classes, float* out, const Stage& stage,
                              std::size_t position) {
  const Panel panel{.classes = classes, .features = rows.features};
  const std::size_t n = rows.pointers.size();
  const WholeRows<Cell> whole(rows.pointers, rows.features);
  const bool known = rows.ahead.size() >= n && rows.features >= block;
  const auto* next = known ? reinterpret_cast<const Cell* const*>(rows.ahead.data()) : nullptr;
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
      const Chunk<Cell> part{.at = {.x = whole.pointers(),
                                    .rows = n,
                                    .begin = b * block,
                                    .end = end * block,
                                    .next = last_tile ? next : whole.pointers(),
                                    .last = end == column_blocks},
                             .mean = rows.mean,
                             .weights = weights + panel.offset(c, 0),
                             .features = rows.features,
                             .columns = {.begin = b, .end = end},
                             .stage = stage,
                             .position = position};
      if (last_tile && stage.cells != nullptr)
        add_rows<K, true>(part, sums);
      else
        add_rows<K, false>(part, sums);
    }
    finish_rows<K>(sums, bias + c, places, classes, out + c * block);
  });
}

template <class Cell>
void scores_of(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
               float* out, const Stage& stage, std::size_t position) {
  const std::size_t n = rows.pointers.size();
  for (std::size_t i = 0; i < n; i += group) {
    Rows part = rows;
    part.pointers = rows.pointers.subspan(i, std::min(group, n - i));
    const std::size_t after = i + part.pointers.size();
    if (after < n) part.ahead = rows.pointers.subspan(after, std::min(group, n - after));
    score_group<Cell>(part, weights, bias, classes, out + i * classes, stage, position + i);
  }
}

void scores_u8(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
               float* out, const Stage& stage, std::size_t position) {
  scores_of<std::uint8_t>(rows, weights, bias, classes, out, stage, position);
}
void scores_f32(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
                float* out, const Stage& stage, std::size_t position) {
  scores_of<float>(rows, weights, bias, classes, out, stage, position);
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(scores_u8);
HWY_EXPORT(scores_f32);

void scores(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
            float* scores, const Stage& stage, std::size_t position) {
  if (rows.cells == CellType::u8) {
    HWY_DYNAMIC_DISPATCH(scores_u8)(rows, weights, bias, classes, scores, stage, position);
  } else {
    HWY_DYNAMIC_DISPATCH(scores_f32)(rows, weights, bias, classes, scores, stage, position);
  }
}

}  // namespace fallline::kernels
#endif
