#include "data/picture_codec.hpp"

#include <fmt/format.h>

#include <fallline/error.hpp>
#include <string_view>

#include "bytes.hpp"
#include "data/picture_decoders.hpp"

namespace fallline::data {
namespace {

bool is_png(std::span<const std::byte> bytes) {
  return as_text(bytes).starts_with("\x89PNG\r\n\x1a\n");
}

bool is_jpeg(std::span<const std::byte> bytes) {
  return as_text(bytes).starts_with("\xFF\xD8\xFF");
}

void require_picture(std::span<const std::byte> bytes, const std::string& file) {
  if (bytes.empty()) throw bad_input({.file = file}, "is empty");
  if (!is_picture(bytes))
    throw bad_input({.file = file, .byte = 0}, "is neither a PNG nor a JPEG picture");
}

}  // namespace

bool is_picture(std::span<const std::byte> head) { return is_png(head) || is_jpeg(head); }

PictureHeader read_picture_header(std::span<const std::byte> bytes, const std::string& file) {
  require_picture(bytes, file);
  const PictureHeader header =
      is_png(bytes) ? read_png_header(bytes, file) : read_jpeg_header(bytes, file);
  require_plausible_size(header, bytes.size(), file);
  return header;
}

void decode_picture(std::span<const std::byte> bytes, const std::string& file, std::size_t channels,
                    std::span<std::uint8_t> planar) {
  require_picture(bytes, file);
  const Raster raster =
      is_png(bytes) ? decode_png(bytes, file, channels) : decode_jpeg(bytes, file, channels);
  if (raster.cells.size() != planar.size())
    throw bad_input({.file = file}, "has another size than it had a moment ago");
  const std::size_t pixels = planar.size() / channels;
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t p = 0; p < pixels; ++p)
      planar[c * pixels + p] = raster.cells[p * channels + c];
}

void require_plausible_size(const PictureHeader& header, std::size_t bytes,
                            const std::string& file) {
  // One bit a pixel, packed by deflate at its best of 1032:1; JPEG needs more.
  constexpr std::uint64_t most_pixels_per_byte = 8 * 1032;
  const std::uint64_t pixels = std::uint64_t(header.width) * header.height;  // below 2^32 each
  if (pixels == 0) throw bad_input({.file = file}, "says that it has no pixels");
  if (pixels / most_pixels_per_byte > bytes)
    throw bad_input({.file = file},
                    fmt::format("says that it has {}x{} pixels, which its {} bytes cannot hold",
                                header.width, header.height, bytes),
                    "fetch the file again: it is damaged");
}

void require_nothing_after(std::size_t end, std::size_t bytes, const std::string& file) {
  if (end == bytes) return;
  throw bad_input({.file = file, .byte = end},
                  fmt::format("{} bytes follow the end of the picture", bytes - end),
                  "save the picture again, or remove what follows");
}

}  // namespace fallline::data
