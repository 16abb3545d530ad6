#include <algorithm>
#include <cstdint>
#include <cstring>

#include "kernels/fixed_point.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/fixed_outer.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/fixed-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

struct Strip {
  const StagedRows& rows;
  const FixedMean& mean;
  const std::int16_t* g;
  std::span<const SlopeScale> scale;
  std::size_t first;  ///< class of the tile
  ColumnBlocks columns;
  const OuterSums& sums;

  [[nodiscard]] LinePanel panel() const {
    return {.classes = scale.size(), .features = rows.features};
  }
  /// Where the gradient of class `first` + k and column d goes.
  [[nodiscard]] HWY_INLINE float* gradient(std::size_t k, std::size_t d) const {
    return sums.gradient + (first + k) * sums.stride + (d - columns.begin * block);
  }
  /// g₁₆ of rows i and i + 1, i an even number.
  [[nodiscard]] HWY_INLINE const std::int16_t* slopes(std::size_t k, std::size_t i) const {
    return g + (i / block * scale.size() + first + k) * block + i % block;
  }
};

#if FALLLINE_PAIRS

/// Columns of a register tile: those of its vectors in the stage, put in order, are consecutive.
constexpr std::size_t tile_columns = lanes == 16 ? 64 : 16;
constexpr std::size_t tile_vectors = tile_columns / lanes;

/// Where vector v of the tile that begins with column d of a line lies in a pair of rows.
constexpr std::size_t vector_offset(std::size_t d, std::size_t v) {
  if (lanes == 16) return v * 32;
  return d / 32 * 64 + d % 32 + v * 32;
}

/// The sums of a tile, by columns.
HWY_INLINE void put_in_order(SumV (&sum)[tile_vectors]) {
#if HWY_TARGET <= HWY_AVX3
  const SumV s[] = {sum[0], sum[1], sum[2], sum[3]};
  sum[0] = hn::ConcatLowerLower(Sum(), s[2], s[0]);
  sum[1] = hn::ConcatUpperUpper(Sum(), s[2], s[0]);
  sum[2] = hn::ConcatLowerLower(Sum(), s[3], s[1]);
  sum[3] = hn::ConcatUpperUpper(Sum(), s[3], s[1]);
#else
  (void)sum;
#endif
}

/// Adds Gᵀ(X − mean) for K classes and the columns of a tile from column d on.
template <std::size_t K>
HWY_INLINE void add_tile(const Strip& strip, std::size_t d) {
  const F f;
  const StagedRows& rows = strip.rows;
  const std::size_t l = d / line;
  const auto* x = reinterpret_cast<const std::uint8_t*>(rows.stage.cells + l * rows.stage.stride());
  SumV sum[K][tile_vectors];
  for (auto& of_class : sum)
    for (SumV& s : of_class) s = hn::Zero(Sum());
  for (std::size_t first = 0; first < rows.count; first += block) {
    const std::int16_t* g = strip.slopes(0, first);
    const std::size_t count = std::min(block, rows.count - first);
    for (std::size_t i = 0; i < count; i += 2) {
      PairV z[tile_vectors];
      for (std::size_t v = 0; v < tile_vectors; ++v)
        z[v] = widen(x + (first + i) * line + vector_offset(d % line, v));
      for (std::size_t k = 0; k < K; ++k) {
        std::int32_t pair;
        std::memcpy(&pair, g + k * block + i, sizeof pair);
        const PairV slopes = hn::BitCast(Pair(), hn::Set(Sum(), pair));
        for (std::size_t v = 0; v < tile_vectors; ++v)
          sum[k][v] = add_products(sum[k][v], z[v], slopes);
      }
    }
  }
  const LinePanel panel = strip.panel();
  float* a = strip.sums.panel + panel.offset(strip.first, l) + d % line;
  const bool last = strip.sums.gradient != nullptr;
  const bool broken = d + tile_columns > rows.features;
  for (std::size_t k = 0; k < K; ++k) put_in_order(sum[k]);
  for (std::size_t v = 0; v < tile_vectors; ++v) {
    const std::size_t h = v * lanes;
    const hn::Rebind<std::int16_t, Sum> half;
    const SumV whole = hn::PromoteTo(Sum(), hn::Load(half, strip.mean.whole.data() + d + h));
    const V rest =
        hn::ConvertTo(f, hn::PromoteTo(Sum(), hn::Load(half, strip.mean.rest.data() + d + h)));
    for (std::size_t k = 0; k < K; ++k) {
      const SlopeScale& scale = strip.scale[strip.first + k];
      const SumV slopes = hn::Set(Sum(), static_cast<std::int32_t>(scale.sum));
      const V centred = hn::ConvertTo(f, hn::Sub(sum[k][v], hn::Mul(whole, slopes)));
      V value = hn::Mul(hn::Set(f, scale.unit),
                        hn::Sub(centred, hn::Mul(rest, hn::Set(f, scale.sum * 0x1p-16F))));
      if (!strip.sums.fresh) value = hn::Add(hn::Load(f, a + k * line + h), value);
      if (last && !broken)
        hn::StoreU(hn::Mul(value, hn::LoadU(f, strip.sums.scale + d + h)), f,
                   strip.gradient(k, d + h));
      else
        hn::Store(value, f, a + k * line + h);
    }
  }
  for (std::size_t k = 0; last && broken && k < K; ++k)
    for (std::size_t h = d; h < rows.features; ++h)
      *strip.gradient(k, h) = a[k * line + h - d] * strip.sums.scale[h];
}

#else

constexpr std::size_t tile_columns = block;

template <std::size_t K>
void add_tile(const Strip& strip, std::size_t d) {
  const StagedRows& rows = strip.rows;
  const std::size_t l = d / line;
  const auto* x = reinterpret_cast<const std::uint8_t*>(rows.stage.cells + l * rows.stage.stride());
  float* a = strip.sums.panel + strip.panel().offset(strip.first, l) + d % line;
  for (std::size_t k = 0; k < K; ++k) {
    const SlopeScale& scale = strip.scale[strip.first + k];
    std::uint32_t sums[tile_columns] = {};
    for (std::size_t i = 0; i < rows.count; ++i) {
      const std::uint8_t* row = x + i / 2 * 2 * line + i % 2 + d % line * 2;
      const std::int16_t slope = strip.slopes(k, i / 2 * 2)[i % 2];
      for (std::size_t h = 0; h < tile_columns; ++h)
        sums[h] += static_cast<std::uint32_t>(row[2 * h] * slope);
    }
    for (std::size_t h = 0; h < tile_columns; ++h) {
      const auto shift = static_cast<std::uint32_t>(strip.mean.whole[d + h] *
                                                    static_cast<std::int32_t>(scale.sum));
      const auto centred = static_cast<float>(static_cast<std::int32_t>(sums[h] - shift));
      float value = scale.unit *
                    (centred - static_cast<float>(strip.mean.rest[d + h]) * (scale.sum * 0x1p-16F));
      if (!strip.sums.fresh) value = a[k * line + h] + value;
      if (strip.sums.gradient == nullptr)
        a[k * line + h] = value;
      else if (d + h < rows.features)
        *strip.gradient(k, d + h) = value * strip.sums.scale[d + h];
    }
  }
}

#endif

void add_fixed_outer_of(const StagedRows& rows, const FixedMean& mean, const std::int16_t* g,
                        std::span<const SlopeScale> scale, ColumnBlocks columns,
                        const OuterSums& sums) {
  const std::size_t end = std::min(
      columns.end * block, (rows.features + tile_columns - 1) / tile_columns * tile_columns);
  for_class_tiles(scale.size(), [&](std::size_t c, auto tile) HWY_ATTR {
    constexpr std::size_t K = tile();
    const Strip strip{.rows = rows,
                      .mean = mean,
                      .g = g,
                      .scale = scale,
                      .first = c,
                      .columns = columns,
                      .sums = sums};
    for (std::size_t d = columns.begin * block; d < end; d += tile_columns) add_tile<K>(strip, d);
  });
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(add_fixed_outer_of);

void add_fixed_outer(const StagedRows& rows, const FixedMean& mean, const std::int16_t* g,
                     std::span<const SlopeScale> scale, ColumnBlocks columns,
                     const OuterSums& sums) {
  HWY_DYNAMIC_DISPATCH(add_fixed_outer_of)(rows, mean, g, scale, columns, sums);
}

}  // namespace fallline::kernels
#endif
