// jpeglib.h needs what cstdio declares.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <array>
#include <csetjmp>
#include <fallline/error.hpp>
#include <new>

#include "data/picture_decoders.hpp"

namespace fallline::data {
namespace {

/// Scans of a progressive picture: a few bytes each can cost a pass over all pixels.
constexpr int most_scans = 100;

struct State {
  State() = default;
  ~State() { jpeg_destroy_decompress(&file); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  jpeg_decompress_struct file{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::array<char, JMSG_LENGTH_MAX> message{};
  std::jmp_buf escape;
};

extern "C" {
static void fail(j_common_ptr file) {
  auto* state = static_cast<State*>(file->client_data);
  file->err->format_message(file, state->message.data());
  std::longjmp(state->escape, 1);
}
/// Level -1 is a warning: damage that the library would paint over.
static void warn(j_common_ptr file, int level) {
  if (level < 0 && file->err->msg_code != JWRN_EXTRANEOUS_DATA) fail(file);
}
static void count_scans(j_common_ptr file) {
  auto* state = static_cast<State*>(file->client_data);
  if (state->file.input_scan_number <= most_scans) return;
  std::snprintf(state->message.data(), state->message.size(), "it has too many scans");
  std::longjmp(state->escape, 1);
}
}

class JpegFile {
 public:
  JpegFile(std::span<const std::byte> bytes, const std::string& file) : bytes_(bytes), file_(file) {
    state_.file.err = jpeg_std_error(&state_.errors);
    state_.file.client_data = &state_;
    state_.errors.error_exit = fail;
    state_.errors.emit_message = warn;
    state_.progress.progress_monitor = count_scans;
    if (!open(state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size())) refuse();
  }

  [[nodiscard]] PictureHeader header() const {
    if (state_.file.num_components != 1 && state_.file.num_components != 3)
      throw bad_input({.file = file_}, "the JPEG picture is neither grey nor of three colours",
                      "save it as grey or RGB");
    return {.width = state_.file.image_width,
            .height = state_.file.image_height,
            .colour = state_.file.num_components == 3};
  }

  void decode(Raster& raster) {
    const std::size_t row_bytes = raster.header.width * raster.channels;
    if (!read(state_, raster.cells.data(), row_bytes, raster.channels == 3)) refuse();
    require_nothing_after(position(), bytes_.size(), file_);
  }

 private:
  static bool open(State& state, const unsigned char* bytes, std::size_t size) {
    if (setjmp(state.escape) != 0) return false;
    jpeg_create_decompress(&state.file);
    state.file.progress = &state.progress;
    jpeg_mem_src(&state.file, bytes, size);
    jpeg_read_header(&state.file, TRUE);
    return true;
  }

  static bool read(State& state, std::uint8_t* cells, std::size_t row_bytes, bool colour) {
    if (setjmp(state.escape) != 0) return false;
    state.file.out_color_space = colour ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_start_decompress(&state.file);
    while (state.file.output_scanline < state.file.output_height) {
      JSAMPROW row = cells + state.file.output_scanline * row_bytes;
      jpeg_read_scanlines(&state.file, &row, 1);
    }
    jpeg_finish_decompress(&state.file);
    return true;
  }

  [[nodiscard]] std::size_t position() const {
    const std::size_t left = state_.file.src == nullptr ? 0 : state_.file.src->bytes_in_buffer;
    return left > bytes_.size() ? bytes_.size() : bytes_.size() - left;
  }

  [[noreturn]] void refuse() const {
    if (state_.errors.msg_code == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
    throw bad_input({.file = file_, .byte = position()},
                    std::string("the JPEG picture is damaged: ") + state_.message.data(),
                    "fetch the file again");
  }

  std::span<const std::byte> bytes_;
  const std::string& file_;
  State state_;
};

}  // namespace

PictureHeader read_jpeg_header(std::span<const std::byte> bytes, const std::string& file) {
  return JpegFile(bytes, file).header();
}

Raster decode_jpeg(std::span<const std::byte> bytes, const std::string& file,
                   std::size_t channels) {
  JpegFile jpeg(bytes, file);
  Raster raster{.header = jpeg.header(), .channels = channels};
  require_plausible_size(raster.header, bytes.size(), file);
  raster.cells.resize(raster.header.width * raster.header.height * channels);
  jpeg.decode(raster);
  return raster;
}

}  // namespace fallline::data
