#pragma once

// The bytes of small pictures. Failures throw nothing: what is empty fails the test that uses it.

#include <cstdio>  // before jpeglib.h, which needs it
//
#include <jpeglib.h>
#include <png.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace fallline::test {

/// `format` is one of libpng's PNG_FORMAT_*; `pixels` are as it says, `colours` its palette.
inline std::string png(unsigned width, unsigned height, unsigned format, const void* pixels,
                       const void* colours = nullptr, unsigned palette_size = 0) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = format;
  image.colormap_entries = palette_size;
  png_alloc_size_t size = 0;
  if (png_image_write_to_memory(&image, nullptr, &size, 0, pixels, 0, colours) == 0) return {};
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels, 0, colours) == 0) return {};
  bytes.resize(size);
  return bytes;
}

inline std::string grey_png(unsigned width, unsigned height, const std::vector<std::uint8_t>& p) {
  return png(width, height, PNG_FORMAT_GRAY, p.data());
}

inline std::string rgb_png(unsigned width, unsigned height, const std::vector<std::uint8_t>& p) {
  return png(width, height, PNG_FORMAT_RGB, p.data());
}

/// One colour all over, given as 1 (grey), 3 (RGB) or 4 (CMYK) values.
inline std::string flat_jpeg(unsigned width, unsigned height,
                             const std::vector<std::uint8_t>& colour, bool progressive = false) {
  jpeg_compress_struct file{};
  jpeg_error_mgr errors{};
  file.err = jpeg_std_error(&errors);
  jpeg_create_compress(&file);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&file, &bytes, &size);
  file.image_width = width;
  file.image_height = height;
  file.input_components = static_cast<int>(colour.size());
  file.in_color_space =
      colour.size() == 1 ? JCS_GRAYSCALE : (colour.size() == 3 ? JCS_RGB : JCS_CMYK);
  jpeg_set_defaults(&file);
  jpeg_set_quality(&file, 100, TRUE);
  if (progressive) jpeg_simple_progression(&file);
  jpeg_start_compress(&file, TRUE);
  std::vector<std::uint8_t> row;
  for (unsigned x = 0; x < width; ++x) row.insert(row.end(), colour.begin(), colour.end());
  JSAMPROW rows = row.data();
  for (unsigned y = 0; y < height; ++y) jpeg_write_scanlines(&file, &rows, 1);
  jpeg_finish_compress(&file);
  jpeg_destroy_compress(&file);
  std::string text(reinterpret_cast<const char*>(bytes), size);
  std::free(bytes);
  return text;
}

}  // namespace fallline::test
