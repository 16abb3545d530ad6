#include "data/save/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fallline/error.hpp>
#include <utility>

#include "data/text.hpp"

namespace fallline::data {

std::vector<OutputFile> text_files(const SavedParts& parts, const std::filesystem::path& path,
                                   const std::string& ending,
                                   void (*write)(const Dataset&, AtomicFile&)) {
  const auto writes = [write](const Dataset& data) {
    return [write, data](AtomicFile& file) { write(data, file); };
  };
  if (!parts.test) return {{path, writes(parts.train)}};
  return {{path / ("train" + ending), writes(parts.train)},
          {path / ("test" + ending), writes(*parts.test)}};
}

void require_text(const std::vector<std::string>& names, const char* what) {
  const auto control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) && c != '\t' && c != '\n' &&
           c != '\r';
  };
  for (const std::string& name : names)
    if (std::ranges::any_of(name, control) || name.starts_with(byte_order_mark))
      throw usage_error(
          fmt::format("the {} {} holds characters that no text file has", what, shown(name)),
          "rename it, or write npz");
}

OutputFile names_file(std::filesystem::path path, std::vector<std::string> names) {
  require_text(names, "class");
  for (const std::string& name : names)
    if (name.empty() || name.find_first_of("\r\n") != std::string::npos || trimmed(name) != name)
      throw usage_error(fmt::format("the class {} is not one line of text", shown(name)),
                        "write npz");
  return {std::move(path), [names = std::move(names)](AtomicFile& file) {
            for (const std::string& name : names) file.write(name + "\n");
          }};
}

void copy_pixels(const Dataset& data, std::size_t i, bool interleaved,
                 std::vector<std::byte>& out) {
  const std::size_t cell = bytes_of(data.cells());
  const std::byte* row = data.rows()[i];
  out.resize(data.features() * cell);
  const auto& shape = data.shape();
  if (!shape || shape->channels == 1 || shape->interleaved == interleaved) {
    std::memcpy(out.data(), row, out.size());
    return;
  }
  const std::size_t pixels = shape->height * shape->width;
  const std::size_t channels = shape->channels;
  for (std::size_t p = 0; p < pixels; ++p)
    for (std::size_t c = 0; c < channels; ++c) {
      const std::size_t planar = (c * pixels + p) * cell;
      const std::size_t mixed = (p * channels + c) * cell;
      std::memcpy(out.data() + (interleaved ? mixed : planar), row + (interleaved ? planar : mixed),
                  cell);
    }
}

float finite_cell(const Dataset& data, std::size_t i, std::size_t d) {
  const float value = data.cell(i, d);
  if (!std::isfinite(value))
    throw bad_input({.file = data.name(), .row = i + 1, .column = d + 1},
                    fmt::format("the cell is {}, which is not written as text", value),
                    "replace it, or write npz or idx");
  return value;
}

const std::string& class_of(const Dataset& data, std::size_t i) {
  return data.class_names()[static_cast<std::size_t>(data.labels()[i])];
}

}  // namespace fallline::data
