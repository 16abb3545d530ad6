#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/workers.hpp>

namespace fallline::bench {

/// A set of any size that holds nothing to learn; by default of CIFAR-10's shape.
struct SyntheticOptions {
  std::size_t examples = 50'000;  ///< N
  std::size_t features = 3'072;   ///< D
  std::size_t classes = 10;       ///< C, at least 2
  CellType cells = CellType::u8;
  std::uint64_t seed = 1;
  std::uint64_t memory_limit = 0;  ///< bytes that may be used; 0: what is available

  /// @throws Error(usage) naming the field and its bound.
  void validate() const;

  /// Bytes that the set takes.
  [[nodiscard]] std::uint64_t bytes() const;
};

/// Independent uniform cells, bytes or floats in [-1, 1), and labels: a function of the options,
/// the same for any number of workers.
/// @throws Error(usage); Error(not_enough_memory) before drawing what cannot fit.
[[nodiscard]] Dataset synthetic(const SyntheticOptions& options, Workers& workers);

}  // namespace fallline::bench
