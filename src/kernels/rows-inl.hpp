// Which rows a thread fetches into the cache while it is at work on others. Included once for each
// instruction set (foreach_target.h).

#if defined(FALLLINE_KERNELS_ROWS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef FALLLINE_KERNELS_ROWS_INL
#undef FALLLINE_KERNELS_ROWS_INL
#else
#define FALLLINE_KERNELS_ROWS_INL
#endif

#include <hwy/highway.h>

#include <array>
#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

/// Tiles of rows between the one that is fetched and the one at work: 600 cycles each, so that
/// memory has time to answer and L1 need not hold more than a few of them.
constexpr std::size_t tiles_ahead = 2;

/// Columns of some rows: tiles of rows are at work on them, one after another.
template <class Cell>
struct RowsAtWork {
  const Cell* const* x;
  std::size_t rows;
  std::size_t begin;        ///< the columns
  std::size_t end;          ///< where the next columns of the same rows begin
  const Cell* const* next;  ///< as many rows, which come after the last columns; null: unknown
  bool last;                ///< columns of these rows

  /// Where the R rows are that are to be fetched while those from `row` on are at work; these
  /// themselves where that is not known.
  template <std::size_t R>
  [[nodiscard]] HWY_INLINE std::array<const Cell*, R> ahead(std::size_t row) const {
    const std::size_t target = row + tiles_ahead * R;
    if (target + R <= rows) return from<R>(x + target, begin);
    const std::size_t after = target - rows;
    if (target < rows || after + R > rows || (last && next == nullptr))
      return from<R>(x + row, begin);
    return last ? from<R>(next + after, 0) : from<R>(x + after, end);
  }

 private:
  template <std::size_t R>
  [[nodiscard]] HWY_INLINE std::array<const Cell*, R> from(const Cell* const* first,
                                                           std::size_t column) const {
    std::array<const Cell*, R> pointers;
    for (std::size_t r = 0; r < R; ++r) pointers[r] = first[r] + column;
    return pointers;
  }
};

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
