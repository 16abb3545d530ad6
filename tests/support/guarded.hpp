#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>

namespace fallline::test {

/// Where numbers lie between the two pages that guard them.
struct Place {
  bool at_begin = false;  ///< behind the first of these pages, not before the second
  std::size_t shift = 0;  ///< bytes away from it
};

/// n numbers between pages that cannot be read or written: a kernel that goes beyond them crashes.
/// All bytes around them and they themselves begin as 0xFF, which is NaN in every float; a number
/// that nothing has written is still that. Before the second page a size that is a multiple of 64
/// bytes begins on a cache line.
template <class T>
class Guarded {
 public:
  explicit Guarded(std::size_t n, Place place = {}) : n_(n) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    room_ = std::max<std::size_t>(1, (n * sizeof(T) + place.shift + page - 1) / page) * page;
    const std::size_t bytes = room_ + 2 * page;
    void* at = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    memory_ = {static_cast<std::byte*>(at), Unmap{bytes}};
    begin_ = memory_.get() + page;
    if (::mprotect(begin_, room_, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
    std::memset(begin_, 0xFF, room_);
    before_ = place.at_begin ? place.shift : room_ - n * sizeof(T) - place.shift;
  }
  explicit Guarded(std::span<const T> numbers, Place place = {}) : Guarded(numbers.size(), place) {
    std::ranges::copy(numbers, data());
  }

  [[nodiscard]] T* data() { return reinterpret_cast<T*>(begin_ + before_); }
  [[nodiscard]] const T* data() const { return reinterpret_cast<const T*>(begin_ + before_); }
  [[nodiscard]] std::size_t size() const { return n_; }
  [[nodiscard]] T& operator[](std::size_t i) { return data()[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const { return data()[i]; }
  [[nodiscard]] const T* begin() const { return data(); }
  [[nodiscard]] const T* end() const { return data() + n_; }

  /// True while nothing was written beside the numbers.
  [[nodiscard]] bool intact() const {
    const std::size_t after = before_ + n_ * sizeof(T);
    return blank(begin_, before_) && blank(begin_ + after, room_ - after);
  }
  /// True while number i was not written.
  [[nodiscard]] bool untouched(std::size_t i) const {
    return blank(reinterpret_cast<const std::byte*>(data() + i), sizeof(T));
  }

 private:
  struct Unmap {
    std::size_t bytes = 0;
    void operator()(std::byte* at) const { ::munmap(at, bytes); }
  };
  static bool blank(const std::byte* bytes, std::size_t n) {
    return std::all_of(bytes, bytes + n, [](std::byte b) { return b == std::byte{0xFF}; });
  }

  std::size_t n_;
  std::size_t room_ = 0;    // bytes that may be touched
  std::size_t before_ = 0;  // of them, before the first number
  std::byte* begin_ = nullptr;
  std::unique_ptr<std::byte, Unmap> memory_;
};

}  // namespace fallline::test
