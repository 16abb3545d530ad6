#pragma once

// The bytes of small sets in the binary formats, for tests and as seeds for the fuzzers.

#include <zip.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fallline::test {

/// The bytes of a number as the machine (little-endian) stores them.
template <class T>
std::string little(T value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

template <class T>
std::string big(T value) {
  const std::string bytes = little(value);
  return {bytes.rbegin(), bytes.rend()};
}

template <class T>
std::string little_all(std::initializer_list<T> values) {
  std::string bytes;
  for (const T value : values) bytes += little(value);
  return bytes;
}

/// 0, 1, 2, ...
inline std::string counting(std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(i);
  return text;
}

inline std::string idx(int type, const std::vector<std::uint32_t>& dims, std::string_view cells) {
  std::string bytes{'\0', '\0', static_cast<char>(type), static_cast<char>(dims.size())};
  for (const std::uint32_t dim : dims) bytes += big(dim);
  return bytes.append(cells);
}

inline std::string npy_with_header(std::string header, std::string_view cells, int version = 1) {
  const std::size_t fixed = version == 1 ? 10 : 12;
  header.append(63 - (fixed + header.size()) % 64, ' ');
  header += '\n';
  std::string bytes = "\x93NUMPY" + std::string{static_cast<char>(version), '\0'};
  bytes += version == 1 ? little(static_cast<std::uint16_t>(header.size()))
                        : little(static_cast<std::uint32_t>(header.size()));
  return (bytes + header).append(cells);
}

inline std::string npy(std::string_view type, std::string_view shape, std::string_view cells,
                       bool column_major = false) {
  return npy_with_header("{'descr': '" + std::string(type) +
                             "', 'fortran_order': " + (column_major ? "True" : "False") +
                             ", 'shape': " + std::string(shape) + ", }",
                         cells);
}

/// A record with `labels` and a picture of one value.
inline std::string cifar_record(std::initializer_list<int> labels, int value = 0) {
  std::string bytes;
  for (const int label : labels) bytes += static_cast<char>(label);
  return bytes.append(3072, static_cast<char>(value));
}

using ZipEntries = std::vector<std::pair<std::string, std::string>>;

inline std::filesystem::path write_zip(const std::filesystem::path& path,
                                       const ZipEntries& entries) {
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  if (archive == nullptr) throw std::runtime_error("no zip archive");
  for (const auto& [name, content] : entries) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    if (zip_file_add(archive, name.c_str(), source, 0) < 0)
      throw std::runtime_error("no zip entry");
  }
  if (zip_close(archive) != 0) throw std::runtime_error("no zip archive");
  return path;
}

}  // namespace fallline::test
