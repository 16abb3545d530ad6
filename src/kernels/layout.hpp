#pragma once

// How the kernels of the linear model see numbers: everything goes by 16, whatever the lanes of
// the machine, so that one layout serves every instruction set.

#include <algorithm>
#include <cstddef>

namespace fallline::kernels {

/// Rows of a block of scores, and columns of a block of a panel.
inline constexpr std::size_t block = 16;

/// Classes whose sums are held in registers at once.
inline constexpr std::size_t class_tile = 5;

[[nodiscard]] constexpr std::size_t blocks_of(std::size_t n) { return (n + block - 1) / block; }

/// C×D numbers in the order in which the kernels read them: a tile of classes after another; in a
/// tile, a block of 16 columns after another; in a block, its 16 numbers of one class after
/// another. A register tile then walks over one stream, and no two of its reads lie a multiple of
/// 4096 bytes apart, which rows of 3072 floats would: such reads share a set of the L1 cache.
///
/// The last block begins at column D − 16, so that a row is always read in whole blocks; the
/// columns that it shares with the block before are zero in it. Where D < 16 the one block has
/// zeros beyond D.
struct Panel {
  std::size_t classes = 0;   ///< C
  std::size_t features = 0;  ///< D

  [[nodiscard]] constexpr std::size_t column_blocks() const { return blocks_of(features); }
  [[nodiscard]] constexpr std::size_t size() const { return classes * column_blocks() * block; }

  /// The first column that block b covers.
  [[nodiscard]] constexpr std::size_t start(std::size_t b) const {
    return std::min(b * block, features - std::min(block, features));
  }
  /// From a column block of class c to the next.
  [[nodiscard]] constexpr std::size_t stride(std::size_t c) const {
    return std::min(class_tile, classes - c / class_tile * class_tile) * block;
  }
  /// Where the 16 numbers of class c in column block b begin.
  [[nodiscard]] constexpr std::size_t offset(std::size_t c, std::size_t b) const {
    const std::size_t first = c / class_tile * class_tile;
    return (first * column_blocks() + (c - first)) * block + b * stride(c);
  }
};

}  // namespace fallline::kernels
