#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace fallline {

/// Refuses a path with a zero byte in it: the system would take what stands before that for the
/// whole. @throws Error(bad_input)
void require_name(const std::filesystem::path& path);

/// A file on a disk, open for reading: the one way in for everything that is read.
///
/// Pipes, sockets, devices and directories are refused without waiting for them: such a file has
/// no size that could be bounded beforehand, and its reading may wait for ever or never end.
class RegularFile {
 public:
  /// @throws Error(bad_input) where it does not exist, cannot be read or is no regular file.
  explicit RegularFile(const std::filesystem::path& path);
  ~RegularFile();
  RegularFile(const RegularFile&) = delete;
  RegularFile& operator=(const RegularFile&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// What it was when it was opened.
  [[nodiscard]] const struct stat& status() const { return status_; }
  [[nodiscard]] std::uint64_t bytes() const { return static_cast<std::uint64_t>(status_.st_size); }

  /// Reads on into `room`, and says how much: 0 at the end. @throws Error(bad_input)
  std::size_t read(std::span<char> room);

 private:
  std::string name_;
  int descriptor_ = -1;
  struct stat status_ {};
};

/// The whole of a small text file.
/// @param most          bytes that such a file may have
/// @param memory_limit  as for `require_memory`
/// @throws Error(bad_input) where it cannot be read or is longer; Error(not_enough_memory)
[[nodiscard]] std::string read_small_file(const std::filesystem::path& path, std::uint64_t most,
                                          std::uint64_t memory_limit);

}  // namespace fallline
