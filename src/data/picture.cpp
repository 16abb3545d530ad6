#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cmath>
#include <fallline/data/picture.hpp>
#include <fallline/error.hpp>
#include <limits>

#include "files/atomic_file.hpp"

namespace fallline {
namespace {

/// Floats as bytes, the least finite one to 0 and the greatest to 255; what is not finite to 0.
std::vector<std::uint8_t> stretch(std::span<const float> values) {
  float least = std::numeric_limits<float>::infinity();
  float greatest = -least;
  for (const float value : values) {
    if (!std::isfinite(value)) continue;
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  // In double, so that no range of floats overflows.
  const double range = double{greatest} - double{least};
  const double scale = range > 0 ? 255 / range : 0;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(values.size());
  for (const float value : values)
    bytes.push_back(std::isfinite(value)
                        ? static_cast<std::uint8_t>(std::lround((double{value} - least) * scale))
                        : std::uint8_t{0});
  return bytes;
}

std::vector<std::uint8_t> as_bytes(const Dataset& data, std::size_t example) {
  if (data.cells() == CellType::u8) {
    const auto* row = reinterpret_cast<const std::uint8_t*>(data.rows()[example]);
    return {row, row + data.features()};
  }
  std::vector<float> values(data.features());
  data.copy_row(example, values);
  return stretch(values);
}

void check(const Picture& p) {
  if (p.channels != 1 && p.channels != 3)
    throw usage_error(fmt::format("a picture of {} channels cannot be shown", p.channels),
                      "give 1 (grey) or 3 (red, green, blue)");
  constexpr std::size_t longest = 1'000'000;  // what libpng reads back
  if (p.height == 0 || p.width == 0 || p.height > longest || p.width > longest)
    throw usage_error(fmt::format("a picture of {}x{} pixels: each side must be 1 to {}", p.height,
                                  p.width, longest));
  if (p.pixels.size() != p.height * p.width * p.channels)
    throw usage_error(fmt::format("a picture of {}x{}x{} has {} values, not {}", p.height, p.width,
                                  p.channels, p.pixels.size(), p.height * p.width * p.channels));
}

bool same_size(const Picture& a, const Picture& b) {
  return a.height == b.height && a.width == b.width && a.channels == b.channels;
}

/// Copies `from` into `to` with its upper left corner at (top, left).
void paste(const Picture& from, Picture& to, std::size_t top, std::size_t left) {
  const std::size_t row_bytes = from.width * from.channels;
  for (std::size_t y = 0; y < from.height; ++y)
    std::copy_n(&from.pixels[y * row_bytes], row_bytes,
                &to.pixels[((top + y) * to.width + left) * to.channels]);
}

}  // namespace

Picture picture_of(const Dataset& data, std::size_t example) {
  const auto& shape = data.shape();
  if (!shape || (shape->channels != 1 && shape->channels != 3))
    throw usage_error(
        fmt::format("the examples of {} are no pictures of 1 or 3 channels", data.name()));
  if (example >= data.size())
    throw usage_error(fmt::format("{} has {} examples: there is no example {}", data.name(),
                                  data.size(), example));
  Picture picture{shape->height, shape->width, shape->channels, as_bytes(data, example)};
  if (shape->interleaved || shape->channels == 1) return picture;
  const std::vector<std::uint8_t> planar = picture.pixels;
  const std::size_t area = shape->height * shape->width;
  for (std::size_t i = 0; i < area; ++i)
    for (std::size_t c = 0; c < 3; ++c) picture.pixels[3 * i + c] = planar[c * area + i];
  return picture;
}

Picture enlarge(const Picture& picture, std::size_t factor) {
  check(picture);
  if (factor == 0) throw usage_error("a picture cannot be enlarged by 0", "give 1 or more");
  Picture large{picture.height * factor, picture.width * factor, picture.channels, {}};
  large.pixels.reserve(picture.pixels.size() * factor * factor);
  for (std::size_t y = 0; y < large.height; ++y)
    for (std::size_t x = 0; x < large.width; ++x) {
      const auto* pixel =
          &picture.pixels[(y / factor * picture.width + x / factor) * picture.channels];
      large.pixels.insert(large.pixels.end(), pixel, pixel + picture.channels);
    }
  return large;
}

Picture tile(std::span<const Picture> pictures, std::size_t columns, std::size_t gap) {
  if (pictures.empty() || columns == 0)
    throw usage_error(
        fmt::format("{} pictures cannot be tiled in {} columns", pictures.size(), columns));
  const Picture& first = pictures.front();
  columns = std::min(columns, pictures.size());
  const std::size_t rows = (pictures.size() + columns - 1) / columns;
  Picture sheet{
      gap + rows * (first.height + gap), gap + columns * (first.width + gap), first.channels, {}};
  sheet.pixels.assign(sheet.height * sheet.width * sheet.channels, 255);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const Picture& p = pictures[i];
    check(p);
    if (!same_size(p, first))
      throw usage_error(
          fmt::format("pictures of {}x{}x{} and {}x{}x{} cannot be tiled", first.height,
                      first.width, first.channels, p.height, p.width, p.channels),
          "give pictures of one size");
    paste(p, sheet, gap + i / columns * (p.height + gap), gap + i % columns * (p.width + gap));
  }
  return sheet;
}

std::string encode_png(const Picture& picture) {
  check(picture);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = picture.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  // libpng's simplified writer reports by its result: no jump ever crosses a C++ object.
  std::string encoded;
  png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(image);
  encoded.resize(bytes);
  if (png_image_write_to_memory(&image, encoded.data(), &bytes, 0, picture.pixels.data(), 0,
                                nullptr) == 0)
    throw Error(ErrorKind::output, fmt::format("the picture cannot be encoded: {}", image.message));
  encoded.resize(bytes);
  return encoded;
}

void write_png(const std::filesystem::path& path, const Picture& picture) {
  write_file(path, encode_png(picture));
}

}  // namespace fallline
