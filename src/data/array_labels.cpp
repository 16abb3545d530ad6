#include <fmt/format.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <limits>
#include <optional>
#include <type_traits>

#include "data/array.hpp"
#include "data/array_elements.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

Where place(const Array& array, std::uint64_t row) {
  return {.file = array.file, .row = row + 1, .byte = array.first_byte + row * array.element_bytes};
}

template <class Value>
std::optional<std::int64_t> whole(Value value) {
  if constexpr (std::is_floating_point_v<Value>) {
    constexpr double exact = 9007199254740992;  // 2^53: above it doubles skip whole numbers
    if (!(std::abs(value) <= exact) || value != std::trunc(value)) return std::nullopt;
  } else if constexpr (std::is_same_v<Value, std::uint64_t>) {
    if (value > std::uint64_t(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  }
  return static_cast<std::int64_t>(value);
}

LabelMap numbers_of(const Array& array) {
  std::vector<std::int64_t> labels;
  labels.reserve(array.dims[0]);
  with_loader(array, [&](auto value_at) {
    for (std::uint64_t i = 0; i < array.dims[0]; ++i) {
      const auto value = value_at(array.contents.bytes.data() + i * array.element_bytes);
      const auto label = whole(value);
      if (!label)
        throw bad_input(place(array, i), fmt::format("the label {} is no whole number", value),
                        "a class is a whole number or a name");
      labels.push_back(*label);
    }
  });
  return map_labels(std::span<const std::int64_t>(labels));
}

void append_utf8(std::string& text, std::uint32_t c) {
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += {static_cast<char>(0xC0 | c >> 6), tail(0)};
  } else if (c < 0x10000) {
    text += {static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)};
  } else {
    text += {static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
  }
}

/// One element of text; shorter text is filled up with zeros.
std::string text_at(const Array& array, std::uint64_t row) {
  const std::size_t step = array.element == Element::wide ? 4 : 1;
  const std::byte* first = array.contents.bytes.data() + row * array.element_bytes;
  std::string text;
  std::uint64_t zeros = 0;
  for (std::uint64_t at = 0; at + step <= array.element_bytes; at += step) {
    const std::uint32_t c = step == 4 ? load<std::uint32_t>(first + at, array.big_endian)
                                      : std::to_integer<std::uint32_t>(first[at]);
    zeros = c == 0 ? zeros + 1 : 0;
    if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
      throw bad_input(place(array, row), fmt::format("the label holds U+{:X}, no character", c));
    if (step == 4) {
      append_utf8(text, c);
    } else {
      text += static_cast<char>(c);
    }
  }
  text.resize(text.size() - zeros);
  if (text.empty()) throw bad_input(place(array, row), "the label is empty");
  if (text.find('\0') != std::string::npos)
    throw bad_input(place(array, row), "the label holds a zero character");
  if (const auto at = first_not_utf8(text)) throw not_utf8(place(array, row), text, *at);
  return text;
}

LabelMap names_of(const Array& array) {
  std::vector<std::string> labels;
  labels.reserve(array.dims[0]);
  for (std::uint64_t i = 0; i < array.dims[0]; ++i) labels.push_back(text_at(array, i));
  return map_labels(std::span<const std::string>(labels));
}

}  // namespace

LabelMap labels_of(const Array& array, std::uint64_t memory_limit) {
  const bool one_each = array.dims.size() == 1 || (array.dims.size() == 2 && array.dims[1] == 1);
  if (!one_each)
    throw bad_input(
        {.file = array.file},
        fmt::format("has {} elements, where labels are one an example", fmt::join(array.dims, "x")),
        "give the number or the name of each example's class");
  const bool text = is_text(array.element);
  const std::uint64_t each = text ? 2 * (sizeof(std::string) + array.element_bytes) : 20;
  require_memory(product(array.dims[0], each), memory_limit, array.file + ": the labels",
                 "allow more memory");
  return text ? names_of(array) : numbers_of(array);
}

}  // namespace fallline::data
