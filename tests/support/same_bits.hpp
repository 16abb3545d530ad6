#pragma once

#include <cstring>
#include <type_traits>

namespace fallline::test {

/// Whether two ranges hold the same bits, so that −0 and NaN count.
template <class A, class B>
[[nodiscard]] bool same_bits(const A& a, const B& b) {
  using T = std::remove_cvref_t<decltype(*a.data())>;
  static_assert(std::is_same_v<T, std::remove_cvref_t<decltype(*b.data())>>);
  return a.size() == b.size() &&
         (a.size() == 0 || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

}  // namespace fallline::test
