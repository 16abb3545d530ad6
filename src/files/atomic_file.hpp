#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "files/partial_file.hpp"

namespace fallline {

/// A file that appears under its name only when it is complete.
///
/// Everything is written to `NAME.partial` in the same directory (`create_partial`); `commit`
/// flushes it to the disk and renames it. Without a commit the partial file is removed; a process
/// killed in between leaves only the partial file. A link of that name is replaced, not followed.
class AtomicFile {
 public:
  /// @throws Error(output) where the file cannot be created, or the name is that of a directory, a
  ///         device or the like.
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Appends; buffered. @throws Error(output), `NoRoom` where the disk is full.
  void write(std::string_view text);
  void write(std::span<const std::byte> bytes);

  /// Hands what is buffered to the operating system, so that others can read it along. Where that
  /// fails, the file ends where it ended before.
  void flush();

  /// Flushes to the disk and renames. @throws Error(output)
  void commit();

  /// Ends it as it was at the last flush, under the partial name.
  void leave() noexcept;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const std::filesystem::path& partial() const { return file_.name; }

 private:
  std::filesystem::path path_;
  PartialFile file_;
  std::string buffer_;
  std::uint64_t flushed_ = 0;  ///< bytes
};

/// Writes `content` as the whole of `path`, or nothing.
void write_file(const std::filesystem::path& path, std::string_view content);

/// Asks that the names in a directory outlive a failing machine; one that cannot is left as it is.
void flush_directory(const std::filesystem::path& directory) noexcept;

}  // namespace fallline
