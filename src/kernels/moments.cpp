#include "kernels/moments.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/moments.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Words = hn::CappedTag<std::int32_t, 16>;
using W = hn::Vec<Words>;

/// Rows whose cells are added up in registers before the sums are read and written.
constexpr std::size_t group = 4;

template <std::size_t R>
void add_rows(const std::byte* const* rows, std::size_t features, std::uint32_t* sums,
              std::uint32_t* squares) {
  const Words words;
  const hn::Rebind<std::uint8_t, Words> bytes;
  const std::size_t lanes = hn::Lanes(words);
  const auto cells = [&](std::size_t r)
                         HWY_ATTR { return reinterpret_cast<const std::uint8_t*>(rows[r]); };
  const auto add = [&](std::uint32_t* to, W v) HWY_ATTR {
    auto* place = reinterpret_cast<std::int32_t*>(to);
    hn::StoreU(hn::Add(hn::LoadU(words, place), v), words, place);
  };
  std::size_t d = 0;
  for (; d + lanes <= features; d += lanes) {
    W sum = hn::Zero(words);
    W square = hn::Zero(words);
    for (std::size_t r = 0; r < R; ++r) {
      const W x = hn::PromoteTo(words, hn::LoadU(bytes, cells(r) + d));
      sum = hn::Add(sum, x);
      square = hn::Add(square, hn::Mul(x, x));
    }
    add(sums + d, sum);
    add(squares + d, square);
  }
  for (; d < features; ++d)
    for (std::size_t r = 0; r < R; ++r) {
      const std::uint32_t x = cells(r)[d];
      sums[d] += x;
      squares[d] += x * x;
    }
}

void moments_of(std::span<const std::byte* const> rows, std::size_t features, std::uint32_t* sums,
                std::uint32_t* squares) {
  std::size_t i = 0;
  for (; i + group <= rows.size(); i += group)
    add_rows<group>(rows.data() + i, features, sums, squares);
  for (; i < rows.size(); ++i) add_rows<1>(rows.data() + i, features, sums, squares);
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(moments_of);

void add_moments(std::span<const std::byte* const> rows, std::size_t features, std::uint32_t* sums,
                 std::uint32_t* squares) {
  HWY_DYNAMIC_DISPATCH(moments_of)(rows, features, sums, squares);
}

}  // namespace fallline::kernels
#endif
