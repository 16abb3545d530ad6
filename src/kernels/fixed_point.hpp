#pragma once

// The two products of linear.hpp for rows of bytes, with W and G in 16-bit fixed point. A processor
// that adds up products of 16-bit integers does twice as many of them as of floats, and a byte is
// one after a single instruction.
//
//     w·s ≈ q_c w₁₆        q_c = 2^e, w₁₆ an integer, |w₁₆| ≤ 32767
//     f_c = q_c (Σ_d w₁₆ x_d − Σ_d w₁₆ μ_d) + b_c
//
// Every sum is of integers and exact, so it has no order: the bits depend on neither threads nor
// instruction set. They are added up modulo 2³², which is the true sum as long as that has 31 bits:
// e is chosen so that 255 Σ_d |w₁₆| < 2³¹. G is rounded in the same way, over the rows of a batch.
//
// What is lost: |Δf_c| ≤ q_c (½ Σ_d |x_d − μ_d| + 2⁻¹⁷ Σ_d |w₁₆| + 2⁻⁹ D) beside float's own
// rounding of the last two operations. The second and third terms are the mean's, in fixed point as
// well.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "aligned.hpp"
#include "kernels/linear.hpp"

namespace fallline::kernels {

/// Columns that lie together: a cache line of cells.
inline constexpr std::size_t line = 64;

[[nodiscard]] constexpr std::size_t lines_of(std::size_t n) { return (n + line - 1) / line; }

/// C×D numbers for these kernels: a tile of classes after another; in a tile, a line of columns
/// after another; in a line, its 64 numbers of one class after another. Beyond D they are zero.
struct LinePanel {
  std::size_t classes = 0;   ///< C
  std::size_t features = 0;  ///< D

  [[nodiscard]] constexpr std::size_t lines() const { return lines_of(features); }
  [[nodiscard]] constexpr std::size_t size() const { return classes * lines() * line; }
  /// From a line of class c to the next.
  [[nodiscard]] constexpr std::size_t stride(std::size_t c) const {
    return std::min(class_tile, classes - c / class_tile * class_tile) * line;
  }
  /// Where the 64 numbers of class c in line l begin.
  [[nodiscard]] constexpr std::size_t offset(std::size_t c, std::size_t l) const {
    const std::size_t first = c / class_tile * class_tile;
    return (first * lines() + (c - first)) * line + l * stride(c);
  }
};

/// The mean in integers: μ ≈ whole + rest/2¹⁶, of as many columns as there are in whole lines.
struct FixedMean {
  explicit FixedMean(std::span<const float> mean);

  AlignedVector<std::int16_t> whole;
  AlignedVector<std::int16_t> rest;
};

/// What came of rounding some numbers to multiples of 2^e. All of it is exact: that of the parts
/// makes that of the whole, in any order.
struct Rounded {
  std::uint32_t largest = 0;  ///< of |v₁₆|, before it was cut to 16 bits; 2³¹ or so: no number
  std::uint64_t sizes = 0;    ///< Σ |v₁₆|
  std::uint32_t whole = 0;    ///< Σ v₁₆ whole, modulo 2³²
  /// Σ ⌊(v₁₆ rest of a column and of the next)/2⁸⌋ over every second one, modulo 2³²
  std::uint32_t rest = 0;

  void add(const Rounded& part) {
    largest = std::max(largest, part.largest);
    sizes += part.sizes;
    whole += part.whole;
    rest += part.rest;
  }
};

/// Numbers are rounded with the least e, at least −100, for which |v₁₆| ≤ 32767 and
/// 255 Σ |v₁₆| < 2³¹.
inline constexpr int smallest_exponent = -100;
inline constexpr int largest_exponent = 100;
inline constexpr std::uint32_t most_size = 32767;
inline constexpr std::uint64_t most_sizes = (std::uint64_t{1} << 31U) / 255;

[[nodiscard]] inline bool fits(const Rounded& rounded) {
  return rounded.largest <= most_size && rounded.sizes < most_sizes;
}

/// The e for which 2¹⁴ ≤ |v₁₆| < 2¹⁵ of the largest |v|, but for rounding: none below it fits. It
/// is `largest_exponent` for what is no number.
[[nodiscard]] int exponent_for(float largest);

/// Whether e, with which n numbers were rounded, is the least one. Also false where it would take
/// rounding with e − 1 to tell.
[[nodiscard]] bool is_least_exponent(int e, const Rounded& rounded, std::size_t n);

/// v₁₆ = round(w_d·scale_d / 2^e) of class c in some columns, into the panel. w has C rows.
[[nodiscard]] Rounded round_weights(const LinePanel& shape, std::size_t c, const float* w,
                                    const float* scale, const FixedMean& mean, int e,
                                    ColumnBlocks columns, std::int16_t* panel);

/// The least exponent of class c, and its weights rounded with it.
struct LeastExponent {
  int e;
  Rounded rounded;
};
[[nodiscard]] LeastExponent round_class(const LinePanel& shape, std::size_t c, const float* w,
                                        const float* scale, const FixedMean& mean,
                                        std::int16_t* panel);

/// How the integer sums of a class become scores.
struct ScoreScale {
  float unit = 1;          ///< q_c
  std::uint32_t mean = 0;  ///< Σ w₁₆ μ, to an integer, modulo 2³²
  float bias = 0;          ///< b_c, and q_c times what the integer leaves

  [[nodiscard]] static ScoreScale of(int e, const Rounded& rounded, float bias);
};

/// As `scores` (linear.hpp), for rows of bytes. The stage gets rows in pairs: two rows of a line
/// make 128 bytes, those of a column side by side.
void fixed_scores(const Rows& rows, const std::int16_t* weights, std::span<const ScoreScale> scale,
                  float* scores, const Stage& stage = {}, std::size_t position = 0);

/// G of one class in 16 bits: G ≈ unit·g₁₆.
struct SlopeScale {
  float unit = 1;
  float sum = 0;  ///< Σ g₁₆, exact
};

/// Rounds G of n examples, in the layout of the scores, to g₁₆ in the same.
void round_slopes(const float* g, std::size_t classes, std::size_t n, std::int16_t* rounded,
                  std::span<SlopeScale> scale);

/// As `add_outer`, of the rows that `fixed_scores` has staged; `sums.panel` is a LinePanel here,
/// and strips of columns begin and end where lines do.
void add_fixed_outer(const StagedRows& rows, const FixedMean& mean, const std::int16_t* g,
                     std::span<const SlopeScale> scale, ColumnBlocks columns,
                     const OuterSums& sums);

}  // namespace fallline::kernels
