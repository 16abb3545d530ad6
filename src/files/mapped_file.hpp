#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace fallline {

struct Mapping;

/// A whole file mapped read-only; unmapped when the last owner goes.
class MappedFile {
 public:
  /// @throws Error(bad_input) as `RegularFile` does
  [[nodiscard]] static std::shared_ptr<const MappedFile> open(const std::filesystem::path& path);

  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  MappedFile(std::span<const std::byte> bytes, Mapping* mapping)
      : bytes_(bytes), mapping_(mapping) {}
  std::span<const std::byte> bytes_;
  Mapping* mapping_;  ///< null where the file is empty
};

}  // namespace fallline
