#pragma once

#include <cstddef>
#include <memory>

namespace fallline::data {

/// Zeroes, on large pages where the system gives them on request: rows that are drawn at random
/// from many megabytes then take fewer than 1 % of the address translations.
/// @throws std::bad_alloc
[[nodiscard]] std::shared_ptr<std::byte> cell_memory(std::size_t bytes);

/// n cells, all 0.
template <class T>
[[nodiscard]] std::shared_ptr<T[]> make_cells(std::size_t n) {
  const std::shared_ptr<std::byte> memory = cell_memory(n * sizeof(T));
  return {memory, reinterpret_cast<T*>(memory.get())};
}

}  // namespace fallline::data
