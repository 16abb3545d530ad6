// Rows of cells as vectors of floats. Included once for each instruction set (foreach_target.h).

#if defined(FALLLINE_KERNELS_CELLS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef FALLLINE_KERNELS_CELLS_INL
#undef FALLLINE_KERNELS_CELLS_INL
#else
#define FALLLINE_KERNELS_CELLS_INL
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstdint>
#include <type_traits>

#include "kernels/linear.hpp"

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using F = hn::CappedTag<float, block>;
using V = hn::Vec<F>;

constexpr std::size_t lanes = hn::MaxLanes(F());
/// Sums that a register tile may hold beside its operands.
constexpr bool many_registers = HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM_A64;

/// v, in a register: g++ would rather read what several operations need from memory in each, and a
/// core that does two of them a cycle does no more than two such reads.
HWY_INLINE V keep(V v) {
#if HWY_COMPILER_GCC_ACTUAL && HWY_ARCH_X86
  asm("" : "+v"(v.raw));
#endif
  return v;
}

HWY_INLINE V load(F f, const float* cells) { return hn::LoadU(f, cells); }

HWY_INLINE V load(F f, const std::uint8_t* cells) {
  const hn::Rebind<std::uint8_t, F> bytes;
  const hn::Rebind<std::int32_t, F> words;
  return hn::ConvertTo(f, hn::PromoteTo(words, hn::LoadU(bytes, cells)));
}

/// n cells from one place to another.
template <std::size_t n, class Cell>
HWY_INLINE void copy_cells(const Cell* HWY_RESTRICT from, Cell* HWY_RESTRICT to) {
  const hn::CappedTag<Cell, n> cells;
  for (std::size_t h = 0; h < n; h += hn::Lanes(cells))
    hn::StoreU(hn::LoadU(cells, from + h), cells, to + h);
}

/// work(i) for i = first … n-1, as compile-time numbers: a loop that every compiler unrolls.
template <std::size_t first, std::size_t n, class Work>
HWY_INLINE void unroll(Work& work) {
  if constexpr (first < n) {
    work(std::integral_constant<std::size_t, first>());
    unroll<first + 1, n>(work);
  }
}

/// Calls `work(c, K)` for the class tiles from class c on: K = 5, and a last one of 1..5, as a
/// compile-time number.
template <class Work>
HWY_INLINE void for_class_tiles(std::size_t classes, Work&& work) {
  static_assert(class_tile == 5);
  std::size_t c = 0;
  for (; c + class_tile <= classes; c += class_tile)
    work(c, std::integral_constant<std::size_t, class_tile>());
  switch (classes - c) {
    case 4:
      return work(c, std::integral_constant<std::size_t, 4>());
    case 3:
      return work(c, std::integral_constant<std::size_t, 3>());
    case 2:
      return work(c, std::integral_constant<std::size_t, 2>());
    case 1:
      return work(c, std::integral_constant<std::size_t, 1>());
    default:
      return;
  }
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
