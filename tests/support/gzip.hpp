#pragma once

#include <zlib.h>

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace fallline::test {

/// Writes `content` gzipped.
inline std::filesystem::path write_gzip(const std::filesystem::path& path,
                                        std::string_view content) {
  gzFile file = gzopen(path.c_str(), "wb");
  if (file == nullptr) throw std::runtime_error("no gzip file");
  if (!content.empty()) gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
  gzclose(file);
  return path;
}

}  // namespace fallline::test
