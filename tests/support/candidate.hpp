#pragma once

#include <zlib.h>

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "data/reader.hpp"

namespace fallline::test {

/// A path as a reader is shown it.
class AsCandidate {
 public:
  explicit AsCandidate(const std::filesystem::path& path) {
    candidate_.path = path;
    candidate_.directory = std::filesystem::is_directory(path);
    if (candidate_.directory || !std::filesystem::exists(path)) return;
    candidate_.bytes = std::filesystem::file_size(path);
    gzFile file = gzopen(path.c_str(), "rb");
    if (file == nullptr) return;
    head_.resize(1 << 16);
    const int read = gzread(file, head_.data(), 1 << 16);
    candidate_.gzipped = gzdirect(file) == 0;
    head_.resize(static_cast<std::size_t>(read < 0 ? 0 : read));
    gzclose(file);
    candidate_.head = head_;
  }
  AsCandidate(const AsCandidate&) = delete;
  AsCandidate& operator=(const AsCandidate&) = delete;

  operator const data::Candidate&() const { return candidate_; }

 private:
  data::Candidate candidate_;
  std::vector<std::byte> head_;
};

}  // namespace fallline::test
