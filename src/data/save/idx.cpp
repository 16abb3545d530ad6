#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <fallline/error.hpp>
#include <limits>
#include <numeric>

#include "data/save/writer.hpp"

namespace fallline::data {
namespace {

// Type codes of the format; everything wider than a byte is big-endian.
constexpr std::uint8_t unsigned_byte = 0x08;
constexpr std::uint8_t int32 = 0x0C;
constexpr std::uint8_t float32 = 0x0D;

void append_big_endian(std::string& out, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(value >> shift);
}

std::string header(std::uint8_t type, const std::vector<std::size_t>& sizes) {
  std::string out{'\0', '\0', static_cast<char>(type), static_cast<char>(sizes.size())};
  for (const std::size_t size : sizes) append_big_endian(out, static_cast<std::uint32_t>(size));
  return out;
}

std::vector<std::size_t> sizes_of(const Dataset& data) {
  if (!data.shape()) return {data.size(), data.features()};
  const ImageShape& s = *data.shape();
  if (s.channels == 1) return {data.size(), s.height, s.width};
  return {data.size(), s.channels, s.height, s.width};
}

void write_examples(const Dataset& data, AtomicFile& file) {
  const bool bytes = data.cells() == CellType::u8;
  file.write(header(bytes ? unsigned_byte : float32, sizes_of(data)));
  std::vector<std::byte> cells;
  for (std::size_t i = 0; i < data.size(); ++i) {
    copy_pixels(data, i, false, cells);
    if (!bytes && std::endian::native == std::endian::little)
      for (std::size_t at = 0; at < cells.size(); at += 4)
        std::reverse(cells.begin() + std::ptrdiff_t(at), cells.begin() + std::ptrdiff_t(at + 4));
    file.write(cells);
  }
}

/// The integers that the classes are named; nothing where one is named otherwise.
std::vector<std::int32_t> integer_names(const std::vector<std::string>& names) {
  std::vector<std::int32_t> values;
  for (const std::string& name : names) {
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value);
    if (error != std::errc{} || std::to_string(value) != name) return {};
    values.push_back(value);
  }
  return values;
}

/// What stands for each class: its name where all are integers, else its number.
std::vector<std::int32_t> values_of(const std::vector<std::string>& names) {
  std::vector<std::int32_t> values = integer_names(names);
  if (values.empty()) {
    values.resize(names.size());
    std::iota(values.begin(), values.end(), 0);
  }
  return values;
}

bool fit_in_bytes(const std::vector<std::int32_t>& values) {
  return std::ranges::all_of(values, [](std::int32_t value) { return value >= 0 && value <= 255; });
}

void write_labels(const Dataset& data, const std::vector<std::int32_t>& values, AtomicFile& file) {
  const bool bytes = fit_in_bytes(values);
  std::string out = header(bytes ? unsigned_byte : int32, {data.size()});
  for (const std::int32_t label : data.labels()) {
    const std::int32_t value = values[static_cast<std::size_t>(label)];
    if (bytes) {
      out += static_cast<char>(value);
    } else {
      append_big_endian(out, static_cast<std::uint32_t>(value));
    }
  }
  file.write(out);
}

/// MNIST's names; they end with the type only where it is MNIST's.
void add_part(std::vector<OutputFile>& files, const Dataset& data,
              const std::filesystem::path& path, const std::string& part) {
  if (data.size() > std::numeric_limits<std::uint32_t>::max())
    throw usage_error("IDX holds at most 4294967295 examples");
  const auto ending = [](bool bytes) { return bytes ? "-ubyte" : ""; };
  files.push_back({path / fmt::format("{}-images-idx{}{}", part, sizes_of(data).size(),
                                      ending(data.cells() == CellType::u8)),
                   [data](AtomicFile& file) { write_examples(data, file); }});
  if (data.labels().empty()) return;
  const std::vector<std::int32_t> values = values_of(data.class_names());
  files.push_back({path / fmt::format("{}-labels-idx1{}", part, ending(fit_in_bytes(values))),
                   [data, values](AtomicFile& file) { write_labels(data, values, file); }});
}

std::vector<OutputFile> plan_idx(const SavedParts& parts, const std::filesystem::path& path) {
  std::vector<OutputFile> files;
  add_part(files, parts.train, path, "train");
  if (parts.test) add_part(files, *parts.test, path, "t10k");
  const std::vector<std::string>& names = parts.train.class_names();
  if (!names.empty() && integer_names(names).empty())
    files.push_back(names_file(path / "class_names.txt", names));
  return files;
}

}  // namespace

const Writer idx_writer{
    .name = "idx", .description = "IDX, as MNIST has it: bytes or floats", .plan = plan_idx};

}  // namespace fallline::data
