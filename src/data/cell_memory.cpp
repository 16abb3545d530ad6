#include "data/cell_memory.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace fallline::data {

std::shared_ptr<std::byte> cell_memory(std::size_t bytes) {
  constexpr std::size_t page = std::size_t{2} << 20U;
  if (bytes < 2 * page) {
    const std::shared_ptr<std::byte[]> memory(new std::byte[bytes]());
    return {memory, memory.get()};
  }
  const std::size_t room = bytes + page;
  void* at = ::mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) throw std::bad_alloc();
  const std::shared_ptr<std::byte> memory(static_cast<std::byte*>(at),
                                          [room](std::byte* p) { ::munmap(p, room); });
  const std::size_t shift = (page - reinterpret_cast<std::uintptr_t>(at) % page) % page;
  std::byte* begin = memory.get() + shift;
  (void)::madvise(begin, bytes, MADV_HUGEPAGE);  // small pages do too
  return {memory, begin};
}

}  // namespace fallline::data
