#include <bit>
#include <cmath>
#include <limits>

#include "kernels/fixed_point.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/fixed_slopes.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/fixed-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

/// The numbers of one class, in blocks of 16 examples.
struct ClassSlopes {
  const float* g;
  std::size_t stride;  ///< from a block to the next
  std::size_t n;

  [[nodiscard]] std::size_t whole_blocks() const { return n / block; }
};

/// The largest |g|; NaN if one is none. The bits of floats are in the order of their sizes, and
/// those of a NaN beyond them.
HWY_INLINE float largest_of(const ClassSlopes& slopes) {
  std::uint32_t largest = 0;
  std::size_t i = 0;
#if FALLLINE_PAIRS
  const hn::RebindToUnsigned<F> u;
  auto most = hn::Zero(u);
  for (; i < slopes.whole_blocks() * block; i += lanes) {
    const V g = hn::LoadU(F(), slopes.g + i / block * slopes.stride + i % block);
    most = hn::Max(most, hn::BitCast(u, hn::Abs(g)));
  }
  largest = hn::GetLane(hn::MaxOfLanes(u, most));
#endif
  for (; i < slopes.n; ++i) {
    const float g = slopes.g[i / block * slopes.stride + i % block];
    largest = std::max(largest, std::bit_cast<std::uint32_t>(std::abs(g)));
  }
  return std::bit_cast<float>(largest);
}

/// Rounds the numbers with exponent e; returns Σ g₁₆.
HWY_INLINE std::int32_t round_with(int e, const ClassSlopes& slopes, std::int16_t* rounded,
                                   Rounded& sums) {
  const float over = std::ldexp(1.0F, -e);
  std::int32_t sum = 0;
  std::size_t i = 0;
#if FALLLINE_PAIRS
  const Sum i32;
  const Half half;
  SumV added = hn::Zero(i32);
  SumV sizes = hn::Zero(i32);
  auto largest = hn::Zero(hn::RebindToUnsigned<Sum>());
  for (; i < slopes.whole_blocks() * block; i += lanes) {
    const std::size_t at = i / block * slopes.stride + i % block;
    const SumV v = nearest(hn::Mul(hn::LoadU(F(), slopes.g + at), hn::Set(F(), over)));
    const SumV size = hn::Abs(v);
    added = hn::Add(added, v);
    sizes = hn::Add(sizes, size);
    largest = hn::Max(largest, hn::BitCast(hn::RebindToUnsigned<Sum>(), size));
    hn::StoreU(hn::DemoteTo(half, v), half, rounded + at);
  }
  sum = static_cast<std::int32_t>(sum_of(added));
  sums.sizes = sum_of(sizes);
  sums.largest = hn::GetLane(hn::MaxOfLanes(hn::RebindToUnsigned<Sum>(), largest));
#endif
  for (; i < blocks_of(slopes.n) * block; ++i) {
    const std::size_t at = i / block * slopes.stride + i % block;
    const std::int32_t v = i < slopes.n ? round_plainly(slopes.g[at] * over) : 0;
    const std::int32_t v16 = cut(v);
    sums.largest = std::max(sums.largest, size_of(v));
    sums.sizes += size_of(v16);
    sum += v16;
    rounded[at] = static_cast<std::int16_t>(v16);
  }
  return sum;
}

void round_slopes_of(const float* g, std::size_t classes, std::size_t n, std::int16_t* rounded,
                     std::span<SlopeScale> scale) {
  for (std::size_t c = 0; c < classes; ++c) {
    const ClassSlopes slopes{.g = g + c * block, .stride = classes * block, .n = n};
    scale[c] = {.unit = std::numeric_limits<float>::quiet_NaN(), .sum = 0};
    for (int e = exponent_for(largest_of(slopes)); e < largest_exponent; ++e) {
      Rounded sums;
      const std::int32_t sum = round_with(e, slopes, rounded + c * block, sums);
      if (!fits(sums)) continue;
      scale[c] = {.unit = std::ldexp(1.0F, e), .sum = static_cast<float>(sum)};
      break;
    }
  }
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(round_slopes_of);

void round_slopes(const float* g, std::size_t classes, std::size_t n, std::int16_t* rounded,
                  std::span<SlopeScale> scale) {
  HWY_DYNAMIC_DISPATCH(round_slopes_of)(g, classes, n, rounded, scale);
}

}  // namespace fallline::kernels
#endif
