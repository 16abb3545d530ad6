// Pairs of 16-bit integers as vectors. Included once for each instruction set (foreach_target.h).

#if defined(FALLLINE_KERNELS_FIXED_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef FALLLINE_KERNELS_FIXED_INL
#undef FALLLINE_KERNELS_FIXED_INL
#else
#define FALLLINE_KERNELS_FIXED_INL
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "kernels/cells-inl.hpp"
#include "kernels/fixed_point.hpp"

/// Whether there are vectors here for these kernels; otherwise loops do the same. Integers add up
/// to the same whoever adds them.
#undef FALLLINE_PAIRS
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET <= HWY_AVX2
#define FALLLINE_PAIRS 1
#else
#define FALLLINE_PAIRS 0
#endif

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

/// To the nearest integer, of two as near to the even one; far outside of 16 bits or no number: to
/// something that is outside too.
HWY_INLINE std::int32_t round_plainly(float v) {
  if (!(std::abs(v) < 1e6F)) return std::numeric_limits<std::int32_t>::min();
  constexpr float shift = 12582912;  // 1.5·2²³: beyond it floats are integers
  return static_cast<std::int32_t>((v + shift) - shift);
}

HWY_INLINE std::int16_t cut(std::int32_t v) {
  return static_cast<std::int16_t>(std::clamp(v, -32768, 32767));
}

HWY_INLINE std::uint32_t size_of(std::int32_t v) {
  const auto bits = static_cast<std::uint32_t>(v);
  return v < 0 ? 0U - bits : bits;
}

#if FALLLINE_PAIRS

using Sum = hn::RebindToSigned<F>;          // 32-bit, as many as floats
using Pair = hn::RepartitionToNarrow<Sum>;  // 16-bit, two for each
using Half = hn::Rebind<std::int16_t, F>;   // 16-bit, as many as floats
using SumV = hn::Vec<Sum>;
using PairV = hn::Vec<Pair>;

constexpr std::size_t pair_lanes = 2 * lanes;

/// The integers next to v; far outside of 16 bits or no number: something that is outside too.
HWY_INLINE SumV nearest(V v) {
#if HWY_TARGET <= HWY_AVX3
  return SumV{_mm512_cvtps_epi32(v.raw)};
#else
  return SumV{_mm256_cvtps_epi32(v.raw)};
#endif
}

/// The sum of all lanes, modulo 2³². (g++ 12 ends that of 16 lanes with an int's addition, which
/// must not wrap around.)
HWY_INLINE std::uint32_t sum_of(SumV v) {
#if HWY_TARGET <= HWY_AVX3
  const hn::Half<Sum> half;
  return static_cast<std::uint32_t>(
      hn::GetLane(hn::SumOfLanes(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)))));
#else
  return static_cast<std::uint32_t>(hn::GetLane(hn::SumOfLanes(Sum(), v)));
#endif
}

/// v, in a register, and not before what it is made of: g++ would add up integers in any order, and
/// need more registers than there are.
template <class Vector>
HWY_INLINE Vector keep_integers(Vector v) {
#if HWY_COMPILER_GCC_ACTUAL
  asm("" : "+v"(v.raw));
#endif
  return v;
}

/// a₀b₀ + a₁b₁ in each lane.
HWY_INLINE SumV products(PairV a, PairV b) {
#if HWY_TARGET <= HWY_AVX3
  return SumV{_mm512_madd_epi16(a.raw, b.raw)};
#else
  return SumV{_mm256_madd_epi16(a.raw, b.raw)};
#endif
}

HWY_INLINE SumV add_products(SumV sum, PairV a, PairV b) {
  return keep_integers(hn::Add(sum, products(a, b)));
}

HWY_INLINE PairV widen(const std::uint8_t* cells) {
  return hn::PromoteTo(Pair(), hn::LoadU(hn::Rebind<std::uint8_t, Pair>(), cells));
}

/// Lays down a line of two rows, the cells of a column side by side. Vectors are interleaved within
/// their 128 bits: the order of the columns is that of `columns_of`.
HWY_INLINE void stage_pair(const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* to) {
  const hn::RepartitionToNarrow<Pair> u8s;
  const hn::RebindToUnsigned<decltype(u8s)> u8;
  constexpr std::size_t bytes = 4 * lanes;
  for (std::size_t h = 0; h < line; h += bytes) {
    const auto even = hn::LoadU(u8, a + h);
    const auto odd = hn::LoadU(u8, b + h);
    hn::Store(hn::InterleaveLower(u8, even, odd), u8, to + 2 * h);
    hn::Store(hn::InterleaveUpper(u8, even, odd), u8, to + 2 * h + bytes);
  }
}

#endif

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
