#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>
#include <fallline/error.hpp>
#include <new>

#include "data/picture_decoders.hpp"

namespace fallline::data {
namespace {

struct Input {
  const std::byte* first = nullptr;
  std::size_t size = 0;
  std::size_t at = 0;
  std::array<char, 160> message{};
};

extern "C" {
static void png_fail(png_structp png, png_const_charp message) {
  auto* input = static_cast<Input*>(png_get_error_ptr(png));
  std::strncpy(input->message.data(), message, input->message.size() - 1);
  png_longjmp(png, 1);
}
static void png_ignore(png_structp, png_const_charp) {}
static void read_some(png_structp png, png_bytep out, std::size_t bytes) {
  auto* input = static_cast<Input*>(png_get_io_ptr(png));
  if (bytes > input->size - input->at) {
    input->at = input->size;
    png_error(png, "the file ends too early");
  }
  std::memcpy(out, input->first + input->at, bytes);
  input->at += bytes;
}
}

/// What libpng allocates, freed when anything throws.
struct Handles {
  png_structp png = nullptr;
  png_infop info = nullptr;

  Handles() = default;
  ~Handles() { png_destroy_read_struct(&png, &info, nullptr); }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
};

class PngFile {
 public:
  PngFile(std::span<const std::byte> bytes, const std::string& file) : file_(file) {
    input_.first = bytes.data();
    input_.size = bytes.size();
    handles_.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &input_, png_fail, png_ignore);
    if (handles_.png != nullptr) handles_.info = png_create_info_struct(handles_.png);
    if (handles_.info == nullptr) throw std::bad_alloc();
    if (!open(handles_.png, handles_.info, &input_)) refuse();
  }

  [[nodiscard]] PictureHeader header() const {
    png_structp png = handles_.png;
    png_infop info = handles_.info;
    const int type = png_get_color_type(png, info);
    return {
        .width = png_get_image_width(png, info),
        .height = png_get_image_height(png, info),
        .colour = (type & PNG_COLOR_MASK_COLOR) != 0,
        .alpha = (type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0,
        .deep = png_get_bit_depth(png, info) == 16};
  }

  void decode(Raster& raster) {
    std::vector<png_bytep> rows(raster.header.height);
    for (std::size_t y = 0; y < rows.size(); ++y)
      rows[y] = raster.cells.data() + y * raster.header.width * raster.channels;
    if (!read(handles_.png, handles_.info, rows.data(), raster.header.width * raster.channels,
              raster.channels == 3))
      refuse();
    require_nothing_after(input_.at, input_.size, file_);
  }

 private:
  static bool open(png_structp png, png_infop info, Input* input) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_set_read_fn(png, input, read_some);
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_read_info(png, info);
    return true;
  }

  static bool read(png_structp png, png_infop info, png_bytepp rows, std::size_t row_bytes,
                   bool colour) {
    if (setjmp(png_jmpbuf(png)) != 0) return false;
    png_set_scale_16(png);
    png_set_packing(png);
    if (png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
    if (png_get_bit_depth(png, info) < 8) png_set_expand_gray_1_2_4_to_8(png);
    png_set_strip_alpha(png);
    if (colour) png_set_gray_to_rgb(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != row_bytes) png_error(png, "its rows have another size");
    png_read_image(png, rows);
    png_read_end(png, nullptr);
    return true;
  }

  [[noreturn]] void refuse() {
    const std::string why = input_.message.data();
    throw bad_input({.file = file_, .byte = input_.at}, "the PNG picture is damaged: " + why,
                    "fetch the file again");
  }

  const std::string& file_;
  Input input_;
  Handles handles_;
};

}  // namespace

PictureHeader read_png_header(std::span<const std::byte> bytes, const std::string& file) {
  return PngFile(bytes, file).header();
}

Raster decode_png(std::span<const std::byte> bytes, const std::string& file, std::size_t channels) {
  PngFile png(bytes, file);
  Raster raster{.header = png.header(), .channels = channels};
  require_plausible_size(raster.header, bytes.size(), file);
  raster.cells.resize(raster.header.width * raster.header.height * channels);
  png.decode(raster);
  return raster;
}

}  // namespace fallline::data
