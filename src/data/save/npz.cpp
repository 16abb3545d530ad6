#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <fallline/error.hpp>

#include "data/save/writer.hpp"
#include "files/zip_stream.hpp"

namespace fallline::data {
namespace {

static_assert(std::endian::native == std::endian::little, "the arrays are written as they lie");

std::span<const std::byte> as_bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// An NPY 1.0 header: the magic, its length and a Python dictionary, padded to 64 bytes (NumPy
/// enhancement proposal 1).
std::string header(const std::string& type, const std::vector<std::size_t>& shape) {
  std::string text = fmt::format(
      "{{'descr': '{}', 'fortran_order': False, 'shape': ({},{}), }}", type, shape.front(),
      shape.size() == 1 ? "" : fmt::format(" {}", fmt::join(shape.begin() + 1, shape.end(), ", ")));
  constexpr std::size_t before = 10;
  text.append(63 - (before + text.size()) % 64, ' ');
  text += '\n';
  std::string out = "\x93NUMPY\x01";
  out += '\0';
  out += static_cast<char>(text.size() & 0xFF);
  out += static_cast<char>(text.size() >> 8);
  return out + text;
}

std::vector<std::size_t> shape_of(const Dataset& data) {
  if (!data.shape()) return {data.size(), data.features()};
  const ImageShape& s = *data.shape();
  if (s.channels == 1) return {data.size(), s.height, s.width};
  return {data.size(), s.height, s.width, s.channels};
}

void add_part(ZipStream& zip, const Dataset& data, const std::string& part) {
  zip.add("x_" + part + ".npy", [&data](const ZipStream::Sink& sink) {
    sink(as_bytes_of(header(data.cells() == CellType::u8 ? "|u1" : "<f4", shape_of(data))));
    std::vector<std::byte> cells;
    for (std::size_t i = 0; i < data.size(); ++i) {
      copy_pixels(data, i, true, cells);
      sink(cells);
    }
  });
  if (data.labels().empty()) return;
  zip.add("y_" + part + ".npy", [&data](const ZipStream::Sink& sink) {
    sink(as_bytes_of(header("<i4", {data.size()})));
    sink(std::as_bytes(data.labels()));
  });
}

/// A class name as NumPy's text has it, in UTF-32. A byte that is no part of UTF-8 stands for
/// itself.
std::u32string utf32(std::string_view text) {
  std::u32string out;
  while (!text.empty()) {
    const auto first = static_cast<unsigned char>(text.front());
    std::size_t length = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : 4;
    const auto continues = [](char c) { return (c & 0xC0) == 0x80; };
    if (first >> 6 == 2 || first >= 0xF8 || text.size() < length ||
        !std::all_of(text.begin() + 1, text.begin() + std::ptrdiff_t(length), continues))
      length = 1;
    char32_t character = length == 1 ? first : first & (0x7F >> length);
    for (const char c : text.substr(1, length - 1)) character = character << 6 | (c & 0x3F);
    out += character;
    text.remove_prefix(length);
  }
  return out;
}

void add_class_names(ZipStream& zip, const std::vector<std::string>& names) {
  std::vector<std::u32string> wide;
  std::size_t longest = 1;
  for (const std::string& name : names)
    longest = std::max(longest, wide.emplace_back(utf32(name)).size());
  for (std::u32string& name : wide) name.resize(longest);
  zip.add("class_names.npy", [&](const ZipStream::Sink& sink) {
    sink(as_bytes_of(header(fmt::format("<U{}", longest), {wide.size()})));
    for (const std::u32string& name : wide) sink(std::as_bytes(std::span(name)));
  });
}

std::vector<OutputFile> plan_npz(const SavedParts& parts, const std::filesystem::path& path) {
  return {{path, [parts](AtomicFile& file) {
             ZipStream zip(file);
             add_part(zip, parts.train, "train");
             if (parts.test) add_part(zip, *parts.test, "test");
             if (parts.train.classes() > 0) add_class_names(zip, parts.train.class_names());
             zip.finish();
           }}};
}

}  // namespace

const Writer npz_writer{.name = "npz",
                        .description = "NumPy arrays x_train, y_train, x_test, y_test, class_names",
                        .plan = plan_npz};

}  // namespace fallline::data
