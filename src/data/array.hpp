#pragma once

// What the array formats (IDX, NPY, NPZ) have in common once their headers are read.

#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <string>
#include <vector>

#include "data/label_map.hpp"
#include "files/contents.hpp"

namespace fallline::data {

/// `narrow` and `wide` are text of one and of four bytes a character.
enum class Element : std::uint8_t {
  u8,
  i8,
  u16,
  i16,
  u32,
  i32,
  u64,
  i64,
  f16,
  f32,
  f64,
  truth,
  narrow,
  wide
};

/// Elements of one type in a file, N x ...
struct Array {
  std::string file;  ///< for messages
  Element element = Element::u8;
  std::uint64_t element_bytes = 1;
  bool big_endian = false;
  bool column_major = false;  ///< the first index runs fastest
  std::vector<std::uint64_t> dims;
  std::uint64_t first_byte = 0;  ///< where in the file the elements begin
  Contents contents;             ///< the elements and nothing else
};

/// Gives `array` its elements: what follows `first_byte` of `whole`.
/// @throws Error(bad_input) where that is less or more than the dimensions say.
void take_elements(Array& array, const Contents& whole);

/// The array as examples: rows, cells, shape. Bytes and aligned little-endian floats stay where
/// they are, other numbers are converted to single precision.
/// @param notes  takes a sentence for each choice made
/// @throws Error(bad_input) naming row, column and byte of a cell that is not finite;
///         Error(not_enough_memory)
[[nodiscard]] DatasetParts features_of(const Array& array, std::uint64_t memory_limit,
                                       std::vector<std::string>& notes);

/// The array as labels: whole numbers of any type, or text; N or N x 1.
/// @throws Error(bad_input) naming row and byte of what is no label; Error(not_enough_memory)
[[nodiscard]] LabelMap labels_of(const Array& array, std::uint64_t memory_limit);

}  // namespace fallline::data
