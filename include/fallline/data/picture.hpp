#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace fallline {

/// A picture to look at: rows from the top, the channels of one pixel side by side, 0 black.
struct Picture {
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t channels = 3;          ///< 1: grey; 3: red, green, blue
  std::vector<std::uint8_t> pixels;  ///< height x width x channels

  bool operator==(const Picture&) const = default;
};

/// Example `example` of `data` as a picture. Bytes are taken as they are; floats are stretched so
/// that the picture's least value is black and its greatest is full.
/// @throws Error(usage) where the examples are no pictures of 1 or 3 channels, or there is no such
///         example.
[[nodiscard]] Picture picture_of(const Dataset& data, std::size_t example);

/// Every pixel as a square of `factor` x `factor`.
/// @throws Error(usage) where `factor` is 0.
[[nodiscard]] Picture enlarge(const Picture& picture, std::size_t factor);

/// Pictures of one size side by side, `columns` to a row, with `gap` white pixels between and
/// around them.
/// @throws Error(usage) where there are none, `columns` is 0 or their sizes differ.
[[nodiscard]] Picture tile(std::span<const Picture> pictures, std::size_t columns,
                           std::size_t gap = 2);

/// The bytes of a PNG file with `picture`.
/// @throws Error(usage) where the picture contradicts itself.
[[nodiscard]] std::string encode_png(const Picture& picture);

/// Writes `picture` as PNG; the file appears when it is complete.
/// @throws Error(usage) where the picture contradicts itself; Error(output) where it cannot be
///         written.
void write_png(const std::filesystem::path& path, const Picture& picture);

}  // namespace fallline
