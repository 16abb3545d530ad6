#pragma once

#include <cstddef>
#include <numeric>
#include <vector>

namespace fallline {

/// 0, 1, …, n − 1: all of n examples as one batch.
[[nodiscard]] inline std::vector<std::size_t> all_indices(std::size_t n) {
  std::vector<std::size_t> indices(n);
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return indices;
}

}  // namespace fallline
