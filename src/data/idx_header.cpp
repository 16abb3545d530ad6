#include <fmt/format.h>

#include <fallline/error.hpp>
#include <optional>

#include "data/array_elements.hpp"
#include "data/array_header.hpp"

// The format: http://yann.lecun.com/exdb/mnist/ (two zero bytes, the type, the number of
// dimensions, each dimension in four bytes, most significant first, then the elements).

namespace fallline::data {
namespace {

constexpr std::size_t magic_bytes = 4;

struct Type {
  Element element;
  std::uint64_t bytes;
};

std::optional<Type> type_of(std::byte code) {
  switch (std::to_integer<int>(code)) {
    case 0x08:
      return Type{Element::u8, 1};
    case 0x09:
      return Type{Element::i8, 1};
    case 0x0B:
      return Type{Element::i16, 2};
    case 0x0C:
      return Type{Element::i32, 4};
    case 0x0D:
      return Type{Element::f32, 4};
    case 0x0E:
      return Type{Element::f64, 8};
    default:
      return std::nullopt;
  }
}

}  // namespace

bool is_idx(std::span<const std::byte> head) {
  return head.size() >= magic_bytes && head[0] == std::byte{0} && head[1] == std::byte{0} &&
         type_of(head[2]) && head[3] != std::byte{0};
}

Array parse_idx(const Contents& contents, std::string file) {
  const auto bytes = contents.bytes;
  if (bytes.size() < magic_bytes)
    throw bad_input({.file = file, .byte = bytes.size()}, "ends within the IDX header");
  if (!is_idx(bytes))
    throw bad_input(
        {.file = file, .byte = 0}, "does not begin as IDX does",
        "two zero bytes, a type from 8 to 14 and the number of dimensions are expected");
  const auto type = *type_of(bytes[2]);
  const auto dims = std::to_integer<std::size_t>(bytes[3]);
  Array array{.file = std::move(file),
              .element = type.element,
              .element_bytes = type.bytes,
              .big_endian = true,
              .first_byte = magic_bytes + 4 * dims};
  if (bytes.size() < array.first_byte)
    throw bad_input({.file = array.file, .byte = bytes.size()},
                    fmt::format("ends within the IDX header, which has {} dimensions", dims));
  for (std::size_t k = 0; k < dims; ++k)
    array.dims.push_back(load<std::uint32_t>(bytes.data() + magic_bytes + 4 * k, true));
  take_elements(array, contents);
  return array;
}

}  // namespace fallline::data
