#pragma once

// The two decoders behind picture_codec. Both libraries report errors by longjmp: in each, the
// functions that call setjmp hold no object with a destructor, and nothing throws within them.

#include <vector>

#include "data/picture_codec.hpp"

namespace fallline::data {

/// Cells as decoders write them: the channels of a pixel side by side.
struct Raster {
  PictureHeader header;
  std::size_t channels = 1;
  std::vector<std::uint8_t> cells;
};

[[nodiscard]] PictureHeader read_png_header(std::span<const std::byte> bytes,
                                            const std::string& file);
[[nodiscard]] Raster decode_png(std::span<const std::byte> bytes, const std::string& file,
                                std::size_t channels);
[[nodiscard]] PictureHeader read_jpeg_header(std::span<const std::byte> bytes,
                                             const std::string& file);
[[nodiscard]] Raster decode_jpeg(std::span<const std::byte> bytes, const std::string& file,
                                 std::size_t channels);

/// @throws Error(bad_input) where `bytes` cannot hold as many pixels: asked before any are
///         allocated.
void require_plausible_size(const PictureHeader& header, std::size_t bytes,
                            const std::string& file);

/// @throws Error(bad_input) where a picture ends before its file does.
void require_nothing_after(std::size_t end, std::size_t bytes, const std::string& file);

}  // namespace fallline::data
