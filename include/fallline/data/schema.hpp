#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fallline {

/// How one feature is stored. Bytes stay bytes: they are widened only in registers.
enum class CellType : std::uint8_t { u8, f32 };

[[nodiscard]] constexpr std::size_t bytes_of(CellType type) { return type == CellType::u8 ? 1 : 4; }

/// The picture that a row of features is. Planar: all of channel 0, then channel 1, …, each row by
/// row. Interleaved: the channels of one pixel side by side.
struct ImageShape {
  std::size_t channels = 1;
  std::size_t height = 0;
  std::size_t width = 0;
  bool interleaved = false;

  /// channels · height · width, or the largest number where that overflows.
  [[nodiscard]] std::size_t features() const;
  bool operator==(const ImageShape&) const = default;
};

/// What range the numbers of the features have as a whole, where one is plain to see. A model that
/// learned from one of them sees nothing in the other.
enum class NumberScale : std::uint8_t {
  any,    ///< no such range, or not known
  bytes,  ///< whole numbers up to 255, as pictures have them
  unit,   ///< decimals between -1 and 1, as pictures that were scaled have them
};

/// Where a table has its labels.
struct LabelColumn {
  std::string name;        ///< in the header; empty: there was none
  std::size_t column = 0;  ///< from 0

  bool operator==(const LabelColumn&) const = default;
};

/// What a sparse file calls its first feature.
struct IndexBase {
  int first = 1;      ///< 0 or 1
  bool told = false;  ///< a person said so; else recognised, by an index 0 or the want of one

  bool operator==(const IndexBase&) const = default;
};

/// What the features and classes of a dataset are: everything that training learns of its data
/// beside the weights. A model keeps it, `open` reads further data by it (`OpenOptions::schema`),
/// and `arrange` holds any dataset to it.
struct Schema {
  std::size_t features = 0;                ///< D
  std::vector<std::string> feature_names;  ///< D names in their order, or empty
  std::vector<std::string> class_names;    ///< C names in their order
  std::optional<ImageShape> shape;         ///< set where rows are pictures
  std::optional<LabelColumn> label;        ///< set where the source was a table with labels
  std::optional<IndexBase> index_base;     ///< set where the source was a sparse file
  NumberScale scale = NumberScale::any;    ///< of models of version 0.1 it is not known

  bool operator==(const Schema&) const = default;
};

}  // namespace fallline
