#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace fallline {

/// A file that appears under its name only when it is complete.
///
/// Everything is written to `NAME.partial` in the same directory; `commit` flushes it to the disk
/// and renames it. Without a commit the partial file is removed; a process killed in between
/// leaves only the partial file.
class AtomicFile {
 public:
  /// @throws Error(output) where the file cannot be created.
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Appends; buffered. @throws Error(output) where the disk is full.
  void write(std::string_view text);
  void write(std::span<const std::byte> bytes);

  /// Hands what is buffered to the operating system, so that others can read it along.
  void flush();

  /// Flushes to the disk and renames. @throws Error(output)
  void commit();

 private:
  [[noreturn]] void fail(const char* what) const;

  std::filesystem::path path_;
  std::filesystem::path partial_;
  int descriptor_ = -1;
  std::string buffer_;
};

/// Writes `content` as the whole of `path`, or nothing.
void write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace fallline
