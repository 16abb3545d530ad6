#include <fmt/format.h>

#include <array>
#include <charconv>
#include <fallline/error.hpp>
#include <optional>
#include <string_view>

#include "bytes.hpp"
#include "data/array_elements.hpp"
#include "data/array_header.hpp"
#include "data/text.hpp"

// The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

namespace fallline::data {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t most_dimensions = 64;  // as NumPy 2 has it

/// Reads the header's dictionary, `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`,
/// with exactly these keys, in any order.
class Dictionary {
 public:
  Dictionary(std::string_view text, std::uint64_t first_byte, Array& array)
      : text_(text), first_byte_(first_byte), array_(array) {}

  void read() {
    expect('{');
    while (!take('}')) {
      read_entry();
      if (take(',')) continue;
      expect('}');
      break;
    }
    skip_blanks();
    if (at_ != text_.size()) refuse("something follows the dictionary");
    if (!descr_ || !order_ || !shape_) refuse("'descr', 'fortran_order' and 'shape' are needed");
  }

 private:
  void read_entry() {
    const std::string_view key = string();
    expect(':');
    if (key == "descr" && !descr_) {
      descr_ = true;
      read_type();
    } else if (key == "fortran_order" && !order_) {
      order_ = true;
      array_.column_major = truth();
    } else if (key == "shape" && !shape_) {
      shape_ = true;
      read_shape();
    } else {
      refuse(fmt::format("the key {} is unknown, or there twice", shown(key)));
    }
  }

  void read_type() {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '[')
      refuse("its elements are records", "save each field as an array of its own");
    set_type(string());
  }

  void set_type(std::string_view code) {
    if (code.find('O') != std::string_view::npos)
      refuse("it holds Python objects, which are pickled: a pickle is never read",
             "save the array with a type of numbers or text");
    if (code.size() < 3) refuse(fmt::format("the type {} is not read", shown(code)));
    const std::uint64_t size = number(code.substr(2));
    const auto element = element_of(code[1], size);
    const bool order = std::string_view("<>|").find(code[0]) != std::string_view::npos;
    const bool orderless = code[0] == '|' && size > 1 && code[1] != 'S';
    if (!element || !order || orderless)
      refuse(fmt::format("the type {} is not read", shown(code)),
             "convert it to bytes, integers, floats or text");
    array_.element = *element;
    array_.element_bytes = element == Element::wide ? 4 * size : size;
    array_.big_endian = code[0] == '>';
  }

  static std::optional<Element> element_of(char kind, std::uint64_t size) {
    struct Row {
      char kind;
      std::uint64_t size;
      Element element;
    };
    constexpr std::array rows{
        Row{'u', 1, Element::u8},  Row{'u', 2, Element::u16}, Row{'u', 4, Element::u32},
        Row{'u', 8, Element::u64}, Row{'i', 1, Element::i8},  Row{'i', 2, Element::i16},
        Row{'i', 4, Element::i32}, Row{'i', 8, Element::i64}, Row{'f', 2, Element::f16},
        Row{'f', 4, Element::f32}, Row{'f', 8, Element::f64}, Row{'b', 1, Element::truth}};
    constexpr std::uint64_t longest_text = 1 << 20;
    if ((kind == 'S' || kind == 'U') && size >= 1 && size <= longest_text)
      return kind == 'S' ? Element::narrow : Element::wide;
    for (const Row& row : rows)
      if (row.kind == kind && row.size == size) return row.element;
    return std::nullopt;
  }

  void read_shape() {
    expect('(');
    while (!take(')')) {
      skip_blanks();
      if (array_.dims.size() == most_dimensions)
        refuse(fmt::format("it has more than {} dimensions", most_dimensions));
      const std::size_t first = at_;
      while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
      array_.dims.push_back(number(text_.substr(first, at_ - first)));
      if (take(',')) continue;
      expect(')');
      break;
    }
  }

  std::uint64_t number(std::string_view digits) const {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size())
      refuse(fmt::format("{} is no size", shown(digits)));
    return value;
  }

  bool truth() {
    skip_blanks();
    for (const auto& [word, value] : {std::pair("True", true), std::pair("False", false)}) {
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += std::string_view(word).size();
      return value;
    }
    refuse("True or False is expected here");
  }

  std::string_view string() {
    skip_blanks();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    if (quote != '\'' && quote != '"') refuse("a word in quotes is expected here");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) refuse("a quotation mark is not closed");
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return inside;
  }

  bool take(char c) {
    skip_blanks();
    const bool there = at_ < text_.size() && text_[at_] == c;
    if (there) ++at_;
    return there;
  }

  void expect(char c) {
    if (!take(c)) refuse(fmt::format("'{}' is expected here", c));
  }

  void skip_blanks() {
    while (at_ < text_.size() && (is_blank(text_[at_]) || text_[at_] == '\n')) ++at_;
  }

  [[noreturn]] void refuse(std::string_view why, std::string advice = {}) const {
    throw bad_input({.file = array_.file, .byte = first_byte_ + at_},
                    fmt::format("the NPY header is not read: {}", why), std::move(advice));
  }

  std::string_view text_;
  std::uint64_t first_byte_;
  Array& array_;
  std::size_t at_ = 0;
  bool descr_ = false;
  bool order_ = false;
  bool shape_ = false;
};

}  // namespace

bool is_npy(std::span<const std::byte> head) { return as_text(head).starts_with(magic); }

Array parse_npy(const Contents& contents, std::string file) {
  const auto bytes = contents.bytes;
  if (!is_npy(bytes)) throw bad_input({.file = file, .byte = 0}, "does not begin as NPY does");
  const auto require = [&](std::size_t size) {
    if (bytes.size() < size)
      throw bad_input({.file = file, .byte = bytes.size()}, "ends within the NPY header",
                      "fetch the file again: it is cut short");
  };
  require(magic.size() + 2);
  const int version = std::to_integer<int>(bytes[magic.size()]);
  if (version < 1 || version > 3 || bytes[magic.size() + 1] != std::byte{0})
    throw bad_input({.file = file, .byte = magic.size()}, "its NPY version is not 1.0, 2.0 or 3.0");
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  const std::size_t first = magic.size() + 2 + length_bytes;
  require(first);
  const std::byte* length_at = bytes.data() + magic.size() + 2;
  const std::size_t length =
      version == 1 ? load<std::uint16_t>(length_at, false) : load<std::uint32_t>(length_at, false);
  require(first + length);
  Array array{.file = std::move(file), .first_byte = first + length};
  Dictionary(as_text(bytes.subspan(first, length)), first, array).read();
  take_elements(array, contents);
  return array;
}

}  // namespace fallline::data
