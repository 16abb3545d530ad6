#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "kernels/fixed_point.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/fixed_scores.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/fixed-inl.hpp"
#include "kernels/rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

/// Rows that share a loaded weight: as many as leave the sums of K classes in registers.
template <std::size_t K>
constexpr std::size_t row_tile = many_registers ? (K > 2 ? 4 : 8) : (K > 2 ? 2 : 4);

/// Rows that go over a chunk of columns together, while its weights stay in the L1 cache.
constexpr std::size_t group = 2 * block;

/// Lines of a chunk: the weights of K classes in it, 15 KB, leave room in L1 for the cells of some
/// rows.
template <std::size_t K>
constexpr std::size_t chunk_lines = 120 / K;

/// An even number of rows, the last one twice where there are not, and their last, broken line with
/// zeros behind.
class EvenRows {
 public:
  EvenRows(std::span<const std::byte* const> rows, std::size_t features)
      : rows_((rows.size() + 1) / 2 * 2) {
    for (std::size_t i = 0; i < rows_; ++i)
      pointers_[i] = reinterpret_cast<const std::uint8_t*>(rows[std::min(i, rows.size() - 1)]);
    const std::size_t rest = features % line;
    if (rest == 0) return;
    for (std::size_t i = 0; i < rows_; ++i) {
      tails_[i] = {};
      std::memcpy(tails_[i].data(), pointers_[i] + (features - rest), rest);
    }
  }
  [[nodiscard]] std::size_t size() const { return rows_; }
  [[nodiscard]] const std::uint8_t* const* pointers() const { return pointers_.data(); }
  [[nodiscard]] const std::uint8_t* tail(std::size_t i) const { return tails_[i].data(); }

 private:
  std::size_t rows_;
  std::array<const std::uint8_t*, group> pointers_;
  std::array<std::array<std::uint8_t, line>, group> tails_;
};

/// Some lines of a group of rows.
struct Lines {
  RowsAtWork<std::uint8_t> at;
  const EvenRows& rows;
  const std::int16_t* weights;  ///< of the class tile
  std::size_t begin;
  std::size_t whole;  ///< the end of those that are not broken
  std::size_t end;
  const Stage& stage;
  std::size_t position;  ///< of the group's first row in it

  [[nodiscard]] HWY_INLINE std::uint8_t* staged(std::size_t l, std::size_t row) const {
    return reinterpret_cast<std::uint8_t*>(stage.cells + l * stage.stride() +
                                           (position + row) * line);
  }
};

#if FALLLINE_PAIRS

constexpr std::size_t sum_lanes = lanes;

/// Adds the products of some lines to the partial sums of R rows and K classes: 16 lanes each,
/// R×K×lanes numbers at `sums`.
template <std::size_t R, std::size_t K, bool staging>
HWY_INLINE void add_lines(const Lines& lines, std::size_t row, std::int32_t* HWY_RESTRICT sums) {
  const Sum i32;
  const Pair i16;
  SumV sum[R][K];
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t k = 0; k < K; ++k)
      sum[r][k] = lines.begin == 0 ? hn::Zero(i32) : hn::Load(i32, sums + (r * K + k) * lanes);
  const auto add_line = [&](std::size_t l, const std::uint8_t* const* x) HWY_ATTR {
    if constexpr (staging)
      for (std::size_t r = 0; r < R; r += 2) stage_pair(x[r], x[r + 1], lines.staged(l, row + r));
    const std::int16_t* w = lines.weights + l * K * line;
    for (std::size_t h = 0; h < line; h += pair_lanes) {
      PairV z[R];
      for (std::size_t r = 0; r < R; ++r) z[r] = widen(x[r] + h);
      for (std::size_t k = 0; k < K; ++k) {
        const PairV weight = keep_integers(hn::Load(i16, w + k * line + h));
        for (std::size_t r = 0; r < R; ++r) sum[r][k] = add_products(sum[r][k], z[r], weight);
      }
    }
  };
  const auto ahead = lines.at.template ahead<R>(row);
  const std::uint8_t* x[R];
  for (std::size_t r = 0; r < R; ++r) x[r] = lines.at.x[row + r] + lines.begin * line;
  for (std::size_t l = lines.begin; l < lines.whole; ++l) {
    for (std::size_t r = 0; r < R; ++r) hwy::Prefetch(ahead[r] + (l - lines.begin) * line);
    add_line(l, x);
    for (std::size_t r = 0; r < R; ++r) x[r] += line;
  }
  if (lines.whole < lines.end) {
    for (std::size_t r = 0; r < R; ++r) x[r] = lines.rows.tail(row + r);
    add_line(lines.whole, x);
  }
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t k = 0; k < K; ++k) hn::Store(sum[r][k], i32, sums + (r * K + k) * lanes);
}

/// [a0+a1, a2+a3, …, b0+b1, b2+b3, …]
HWY_INLINE SumV add_neighbours(SumV a, SumV b) {
  return hn::Add(hn::ConcatEven(Sum(), b, a), hn::ConcatOdd(Sum(), b, a));
}

template <std::size_t K>
HWY_INLINE void finish_rows(const std::int32_t* sums, const ScoreScale* scale, std::size_t rows,
                            std::size_t classes, float* out) {
  const F f;
  for (std::size_t i = 0; i < rows; i += lanes)
    for (std::size_t k = 0; k < K; ++k) {
      SumV t[lanes];
      for (std::size_t r = 0; r < lanes; ++r)
        t[r] = hn::Load(Sum(), sums + ((i + r) * K + k) * lanes);
      for (std::size_t n = lanes / 2; n > 0; n /= 2)
        for (std::size_t r = 0; r < n; ++r) t[r] = add_neighbours(t[2 * r], t[2 * r + 1]);
      const SumV mean = hn::Set(Sum(), static_cast<std::int32_t>(scale[k].mean));
      const V sum = hn::ConvertTo(f, hn::Sub(t[0], mean));
      hn::StoreU(hn::Add(hn::Mul(sum, hn::Set(f, scale[k].unit)), hn::Set(f, scale[k].bias)), f,
                 out + (i / block * classes + k) * block + i % block);
    }
}

#else

constexpr std::size_t sum_lanes = 1;

template <std::size_t R, std::size_t K, bool staging>
void add_lines(const Lines& lines, std::size_t row, std::int32_t* sums) {
  for (std::size_t r = 0; r < R; ++r)
    for (std::size_t l = lines.begin; l < lines.end; ++l) {
      const std::uint8_t* x =
          l < lines.whole ? lines.at.x[row + r] + l * line : lines.rows.tail(row + r);
      if constexpr (staging) {
        std::uint8_t* to = lines.staged(l, row + r / 2 * 2) + r % 2;
        for (std::size_t h = 0; h < line; ++h) to[2 * h] = x[h];
      }
      const std::int16_t* w = lines.weights + l * K * line;
      for (std::size_t k = 0; k < K; ++k) {
        std::uint32_t sum = l == 0 ? 0 : static_cast<std::uint32_t>(sums[r * K + k]);
        for (std::size_t h = 0; h < line; ++h)
          sum += static_cast<std::uint32_t>(x[h] * w[k * line + h]);
        sums[r * K + k] = static_cast<std::int32_t>(sum);
      }
    }
}

template <std::size_t K>
void finish_rows(const std::int32_t* sums, const ScoreScale* scale, std::size_t rows,
                 std::size_t classes, float* out) {
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = 0; k < K; ++k) {
      const auto sum =
          static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[i * K + k]) - scale[k].mean);
      out[(i / block * classes + k) * block + i % block] =
          static_cast<float>(sum) * scale[k].unit + scale[k].bias;
    }
}

#endif

/// Some lines of all rows.
template <std::size_t K, bool staging>
HWY_INLINE void add_rows(const Lines& lines, std::int32_t* sums) {
  constexpr std::size_t tile = row_tile<K>;
  std::size_t i = 0;
  for (; i + tile <= lines.at.rows; i += tile)
    add_lines<tile, K, staging>(lines, i, sums + i * K * sum_lanes);
  for (; i < lines.at.rows; i += 2) add_lines<2, K, staging>(lines, i, sums + i * K * sum_lanes);
}

/// Scores of up to `group` rows.
HWY_NOINLINE void score_group(const Rows& rows, const std::int16_t* weights,
                              std::span<const ScoreScale> scale, float* out, const Stage& stage,
                              std::size_t position) {
  const LinePanel panel{.classes = scale.size(), .features = rows.features};
  const std::size_t n = rows.pointers.size();
  const EvenRows even(rows.pointers, rows.features);
  const bool known = rows.ahead.size() >= even.size();
  const auto* next =
      known ? reinterpret_cast<const std::uint8_t* const*>(rows.ahead.data()) : nullptr;
  const std::size_t whole = rows.features / line;
  for_class_tiles(panel.classes, [&](std::size_t c, auto tile) HWY_ATTR {
    constexpr std::size_t K = tile();
    HWY_ALIGN std::int32_t sums[group * K * sum_lanes];
    const bool last_tile = c + K == panel.classes;
    for (std::size_t l = 0; l < panel.lines(); l += chunk_lines<K>) {
      const std::size_t end = std::min(panel.lines(), l + chunk_lines<K>);
      const Lines lines{.at = {.x = even.pointers(),
                               .rows = even.size(),
                               .begin = l * line,
                               .end = end * line,
                               .next = last_tile ? next : even.pointers(),
                               .last = end == panel.lines()},
                        .rows = even,
                        .weights = weights + panel.offset(c, 0),
                        .begin = l,
                        .whole = std::min(end, whole),
                        .end = end,
                        .stage = stage,
                        .position = position};
      if (last_tile && stage.cells != nullptr)
        add_rows<K, true>(lines, sums);
      else
        add_rows<K, false>(lines, sums);
    }
    // A missing row is the mean.
    const std::size_t places = blocks_of(n) * block;
    for (std::size_t i = n; i < places; ++i)
      for (std::size_t k = 0; k < K; ++k) {
        std::fill_n(sums + (i * K + k) * sum_lanes, sum_lanes, 0);
        sums[(i * K + k) * sum_lanes] = static_cast<std::int32_t>(scale[c + k].mean);
      }
    finish_rows<K>(sums, scale.data() + c, places, panel.classes, out + c * block);
  });
}

void fixed_scores_of(const Rows& rows, const std::int16_t* weights,
                     std::span<const ScoreScale> scale, float* out, const Stage& stage,
                     std::size_t position) {
  const std::size_t n = rows.pointers.size();
  for (std::size_t i = 0; i < n; i += group) {
    Rows part = rows;
    part.pointers = rows.pointers.subspan(i, std::min(group, n - i));
    const std::size_t after = i + part.pointers.size();
    if (after < n) part.ahead = rows.pointers.subspan(after, std::min(group, n - after));
    score_group(part, weights, scale, out + i * scale.size(), stage, position + i);
  }
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(fixed_scores_of);

void fixed_scores(const Rows& rows, const std::int16_t* weights, std::span<const ScoreScale> scale,
                  float* scores, const Stage& stage, std::size_t position) {
  HWY_DYNAMIC_DISPATCH(fixed_scores_of)(rows, weights, scale, scores, stage, position);
}

}  // namespace fallline::kernels
#endif
