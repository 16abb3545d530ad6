#include <cmath>
#include <limits>

#include "kernels/fixed_point.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/fixed_weights.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/fixed-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

/// Rounds n numbers v(d), an even count.
template <class Number>
HWY_INLINE void round_some(std::size_t first, std::size_t n, const FixedMean& mean, Number number,
                           std::int16_t* to, Rounded& sums) {
  for (std::size_t d = first; d < first + n; d += 2) {
    std::int32_t rest = 0;
    for (std::size_t h = d; h < d + 2; ++h) {
      const std::int32_t v = round_plainly(number(h));
      const std::int32_t v16 = cut(v);
      to[h - first] = static_cast<std::int16_t>(v16);
      sums.largest = std::max(sums.largest, size_of(v));
      sums.sizes += size_of(v16);
      sums.whole += static_cast<std::uint32_t>(v16 * mean.whole[h]);
      rest += v16 * mean.rest[h];
    }
    sums.rest += static_cast<std::uint32_t>(rest >> 8);
  }
}

#if FALLLINE_PAIRS

/// Rounds whole lines.
struct LineRounder {
  const float* scale;
  const FixedMean& mean;
  V over;  ///< 1/2^e

  hn::Vec<hn::RebindToUnsigned<Sum>> largest = hn::Zero(hn::RebindToUnsigned<Sum>());
  SumV sizes = hn::Zero(Sum());
  SumV whole = hn::Zero(Sum());
  SumV rest = hn::Zero(Sum());

  HWY_INLINE hn::Vec<Half> rounded(const float* w, std::size_t d) {
    const F f;
    const V v = hn::Mul(hn::Mul(hn::LoadU(f, w), hn::LoadU(f, scale + d)), over);
    const SumV v32 = nearest(v);
    const SumV size = hn::Abs(v32);
    largest = hn::Max(largest, hn::BitCast(hn::RebindToUnsigned<Sum>(), size));
    sizes = hn::Add(sizes, size);
    return hn::DemoteTo(Half(), v32);
  }

  HWY_INLINE void add(const float* w, std::size_t d, std::int16_t* to) {
    const Pair i16;
    const hn::Vec<Half> lower = rounded(w, d);
    const PairV v16 = hn::Combine(i16, rounded(w + lanes, d + lanes), lower);
    hn::Store(v16, i16, to);
    whole = hn::Add(whole, products(v16, hn::Load(i16, mean.whole.data() + d)));
    rest = hn::Add(rest, hn::ShiftRight<8>(products(v16, hn::Load(i16, mean.rest.data() + d))));
  }

  [[nodiscard]] HWY_INLINE Rounded sums() const {
    const hn::RebindToUnsigned<Sum> u;
    return {.largest = hn::GetLane(hn::MaxOfLanes(u, largest)),
            .sizes = sum_of(sizes),
            .whole = sum_of(whole),
            .rest = sum_of(rest)};
  }
};

#endif

void round_columns(const LinePanel& shape, std::size_t c, const float* w, const float* scale,
                   const FixedMean& mean, int e, ColumnBlocks columns, std::int16_t* panel,
                   Rounded& rounded) {
  const float over = std::ldexp(1.0F, -e);
  const float* from = w + c * shape.features;
  const std::size_t begin = columns.begin * block / line;
  const std::size_t end = std::min(shape.lines(), (columns.end * block + line - 1) / line);
  std::int16_t* to = panel + shape.offset(c, begin);
  std::size_t l = begin;
#if FALLLINE_PAIRS
  LineRounder rounder{.scale = scale, .mean = mean, .over = hn::Set(F(), over)};
  const std::size_t whole = std::min(end, shape.features / line);
  for (; l < whole; ++l, to += shape.stride(c))
    for (std::size_t h = 0; h < line; h += pair_lanes)
      rounder.add(from + l * line + h, l * line + h, to + h);
  rounded.add(rounder.sums());
#endif
  for (; l < end; ++l, to += shape.stride(c))
    round_some(
        l * line, line, mean,
        [&](std::size_t d) { return d < shape.features ? from[d] * scale[d] * over : 0.0F; }, to,
        rounded);
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(round_columns);

int exponent_for(float largest) {
  if (largest == 0) return smallest_exponent;
  if (!std::isfinite(largest)) return largest_exponent;
  int e = 0;
  (void)std::frexp(largest, &e);
  return std::clamp(e - 15, smallest_exponent, largest_exponent);
}

FixedMean::FixedMean(std::span<const float> mean)
    : whole(lines_of(mean.size()) * line), rest(whole.size()) {
  for (std::size_t d = 0; d < mean.size(); ++d) {
    const float integer = std::round(mean[d]);
    whole[d] = static_cast<std::int16_t>(integer);
    rest[d] = static_cast<std::int16_t>(
        std::clamp(std::round((mean[d] - integer) * 65536.0F), -32767.0F, 32767.0F));
  }
}

bool is_least_exponent(int e, const Rounded& rounded, std::size_t n) {
  if (!fits(rounded)) return false;
  return e == smallest_exponent || 2 * rounded.largest > most_size + 1 ||
         2 * rounded.sizes >= most_sizes + n;
}

Rounded round_weights(const LinePanel& shape, std::size_t c, const float* w, const float* scale,
                      const FixedMean& mean, int e, ColumnBlocks columns, std::int16_t* panel) {
  Rounded rounded;
  HWY_DYNAMIC_DISPATCH(round_columns)(shape, c, w, scale, mean, e, columns, panel, rounded);
  return rounded;
}

LeastExponent round_class(const LinePanel& shape, std::size_t c, const float* w, const float* scale,
                          const FixedMean& mean, std::int16_t* panel) {
  float largest = 0;
  for (std::size_t d = 0; d < shape.features; ++d) {
    const float size = std::abs(w[c * shape.features + d] * scale[d]);
    if (!(size <= largest)) largest = size;
    if (!std::isfinite(size)) break;
  }
  const ColumnBlocks all{.begin = 0, .end = shape.lines() * (line / block)};
  for (int e = exponent_for(largest);; ++e) {
    const Rounded rounded = round_weights(shape, c, w, scale, mean, e, all, panel);
    if (fits(rounded) || e >= largest_exponent) return {.e = e, .rounded = rounded};
  }
}

ScoreScale ScoreScale::of(int e, const Rounded& rounded, float bias) {
  if (!fits(rounded)) return {.unit = std::numeric_limits<float>::quiet_NaN()};
  const double rest = static_cast<std::int32_t>(rounded.rest) / 256.0;
  const double integer = std::round(rest);
  const double unit = std::ldexp(1.0, e);
  return {.unit = static_cast<float>(unit),
          .mean = rounded.whole + static_cast<std::uint32_t>(static_cast<std::int32_t>(integer)),
          .bias = static_cast<float>(static_cast<double>(bias) + unit * (integer - rest))};
}

}  // namespace fallline::kernels
#endif
