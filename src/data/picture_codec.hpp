#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace fallline::data {

/// What a picture's file says of it before it is decoded.
struct PictureHeader {
  std::size_t width = 0;
  std::size_t height = 0;
  bool colour = false;  ///< else grey
  bool alpha = false;   ///< dropped by `decode_picture`
  bool deep = false;    ///< 16 bits a channel, brought down to 8
};

/// Whether a file begins as PNG or JPEG do.
[[nodiscard]] bool is_picture(std::span<const std::byte> head);

/// @param file  for messages
/// @throws Error(bad_input) where it is no picture, or too small for the size it says.
[[nodiscard]] PictureHeader read_picture_header(std::span<const std::byte> bytes,
                                                const std::string& file);

/// Decodes a whole picture; grey becomes colour where `channels` is 3.
/// @param channels  1 or 3; 1 only where the picture is grey
/// @param planar    channels x height x width cells
/// @throws Error(bad_input) where the picture is damaged, cut short, followed by other bytes, or
///         of another size.
void decode_picture(std::span<const std::byte> bytes, const std::string& file, std::size_t channels,
                    std::span<std::uint8_t> planar);

}  // namespace fallline::data
