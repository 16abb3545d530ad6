#pragma once

// The two products a linear classifier is made of, on rows where they lie. This is the seam where
// faster kernels go: nothing above it knows how a row becomes numbers.

#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <span>
#include <string_view>

#include "kernels/layout.hpp"

namespace fallline::kernels {

/// n examples of D cells each, read as the floats (x_d − mean_d).
struct Rows {
  std::span<const std::byte* const> pointers;
  CellType cells = CellType::u8;
  std::size_t features = 0;     ///< D
  const float* mean = nullptr;  ///< a panel of one class
  /// Rows that the same thread reads next: they are fetched into the cache beside the work.
  std::span<const std::byte* const> ahead;
};

/// The cells of a batch as the backward product reads them: a cache line of columns after another
/// (64 bytes or 16 floats), in it a line of each row. The rows of a batch lie all over the memory,
/// each on a page of its own; walking down a column of them costs as much as the arithmetic.
/// `scores` has the cells at hand anyway and lays them down here.
struct Stage {
  std::byte* cells = nullptr;  ///< `bytes(…)`, from a multiple of 64 on; null: not wanted
  std::size_t rows = 0;        ///< that it has room for, a multiple of 16

  /// Column blocks of a line.
  [[nodiscard]] static constexpr std::size_t line_blocks(CellType type) {
    return 4 / bytes_of(type);
  }
  /// Bytes from a line of columns to the next. The odd line keeps those of a row from sharing a set
  /// of the caches.
  [[nodiscard]] constexpr std::size_t stride() const { return (rows + 1) * 64; }

  /// Where the 16 cells of column block b and row i lie.
  [[nodiscard]] constexpr std::size_t offset(CellType type, std::size_t b, std::size_t i) const {
    const std::size_t of_line = line_blocks(type);
    return b / of_line * stride() + i * 64 + b % of_line * 16;
  }
  [[nodiscard]] constexpr std::size_t bytes(CellType type, std::size_t features) const {
    const std::size_t of_line = line_blocks(type);
    return (blocks_of(features) + of_line - 1) / of_line * stride();
  }
};

/// F = (X − mean) Wᵀ + b, where W is a panel. F comes in blocks of 16 examples, each C×16; where n
/// is no multiple of 16 the last has b in the places of those that are missing.
/// Every score is summed over d in one order, whatever n is. The cells go to `stage` as its rows
/// from `position` on, a multiple of 16.
void scores(const Rows& rows, const float* weights, const float* bias, std::size_t classes,
            float* scores, const Stage& stage = {}, std::size_t position = 0);

/// n staged examples.
struct StagedRows {
  Stage stage;
  std::size_t count = 0;  ///< n
  CellType cells = CellType::u8;
  std::size_t features = 0;     ///< D
  const float* mean = nullptr;  ///< a panel of one class
};

/// Columns that one call of `add_outer` takes, in blocks of 16.
struct ColumnBlocks {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Where the sums over a batch go. Every sum runs over the rows in order, whatever the columns are.
struct OuterSums {
  float* panel = nullptr;  ///< A, which holds the sums between the parts of a batch
  bool fresh = true;       ///< begin at 0, not at A
  /// null: the sums go to A. Otherwise this was the last part, and the sums times `scale` are the
  /// gradient of these columns: C rows, `stride` apart.
  float* gradient = nullptr;
  std::size_t stride = 0;
  const float* scale = nullptr;  ///< D
};

/// Adds Gᵀ (X − mean) in some columns, where G has the layout of the scores.
void add_outer(const StagedRows& rows, const float* g, std::size_t classes, ColumnBlocks columns,
               const OuterSums& sums);

}  // namespace fallline::kernels
