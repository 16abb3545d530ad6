#pragma once

// How the elements of an array are loaded, whatever their type and byte order.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "data/array.hpp"

namespace fallline::data {

struct Half {
  std::uint16_t bits;
};

/// IEEE 754 binary16.
inline float value_of(Half half) {
  const int exponent = half.bits >> 10 & 31;
  const auto fraction = static_cast<float>(half.bits & 1023);
  float value = 0;
  if (exponent == 31) {
    value = fraction != 0 ? NAN : INFINITY;
  } else {
    value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  }
  return (half.bits & 0x8000) != 0 ? -value : value;
}

template <class T>
T value_of(T value) {
  return value;
}

template <class T>
T load(const std::byte* at, bool swapped) {
  std::array<std::byte, sizeof(T)> raw;
  std::memcpy(raw.data(), at, sizeof(T));
  if (swapped) std::reverse(raw.begin(), raw.end());
  return std::bit_cast<T>(raw);
}

/// Calls `use` with a function that takes the address of an element and returns its value.
/// Not for text.
template <class Use>
void with_loader(const Array& array, Use use) {
  const auto as = [&]<class T>(T) {
    const bool swapped = array.big_endian;
    use([swapped](const std::byte* at) { return value_of(load<T>(at, swapped)); });
  };
  switch (array.element) {
    case Element::u8:
    case Element::truth:
    case Element::narrow:
    case Element::wide:
      return as(std::uint8_t{});
    case Element::i8:
      return as(std::int8_t{});
    case Element::u16:
      return as(std::uint16_t{});
    case Element::i16:
      return as(std::int16_t{});
    case Element::u32:
      return as(std::uint32_t{});
    case Element::i32:
      return as(std::int32_t{});
    case Element::u64:
      return as(std::uint64_t{});
    case Element::i64:
      return as(std::int64_t{});
    case Element::f16:
      return as(Half{});
    case Element::f32:
      return as(float{});
    case Element::f64:
      return as(double{});
  }
}

[[nodiscard]] inline bool is_text(Element element) {
  return element == Element::narrow || element == Element::wide;
}

}  // namespace fallline::data
