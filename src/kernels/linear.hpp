#pragma once

// The two products a linear classifier is made of, on rows where they lie. This is the seam where
// faster kernels go: nothing above it knows how a row becomes numbers.

#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <span>
#include <string_view>

namespace fallline::kernels {

/// Rows of padded buffers (weights, mean, gradient) are this many floats or a multiple of it, so
/// that no vector is cut off; what lies beyond D is zero.
inline constexpr std::size_t padding = 16;

[[nodiscard]] constexpr std::size_t padded(std::size_t features) {
  return (features + padding - 1) / padding * padding;
}

/// n examples of D cells each, read as the floats (x_d − mean_d).
struct Rows {
  std::span<const std::byte* const> pointers;
  CellType cells = CellType::u8;
  std::size_t features = 0;     ///< D
  const float* mean = nullptr;  ///< padded(D) floats
};

/// F = (X − mean) Wᵀ + b, where W is C rows `padded(D)` apart.
/// Every score is summed over d in one order, whatever n is. `scores` takes n×C floats.
void scores(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
            float* scores);

/// A += Gᵀ (X − mean) for the columns [begin, end), where G is n×C and A is C rows `padded(D)`
/// apart. `begin` is a multiple of `padding`, `end` too or D. Every sum runs over the rows in
/// order, whatever the columns are.
void add_outer(const Rows& rows, const float* g, std::size_t classes, std::size_t begin,
               std::size_t end, float* a);

/// The instruction set that the calls above use on this machine, e.g. "AVX3".
[[nodiscard]] std::string_view instruction_set();

}  // namespace fallline::kernels
