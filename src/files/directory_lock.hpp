#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace fallline {

/// A lock on a directory that goes with the process.
class DirectoryLock {
 public:
  enum class State : std::uint8_t {
    none,  ///< the file system has no locks, or nothing was locked
    held,
    taken,  ///< by another process, or elsewhere in this one
    gone,   ///< the directory is not there (any more)
  };

  DirectoryLock() = default;
  explicit DirectoryLock(const std::filesystem::path& directory);
  ~DirectoryLock();
  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;

  [[nodiscard]] State state() const { return state_; }

 private:
  int descriptor_ = -1;
  State state_ = State::none;
};

/// Makes a directory with its parents; those that were not there, outermost first.
/// @throws std::filesystem::filesystem_error
[[nodiscard]] std::vector<std::filesystem::path> make_directories(
    const std::filesystem::path& directory);

/// Removes those that are empty, the last one first.
void remove_empty(const std::vector<std::filesystem::path>& directories) noexcept;

}  // namespace fallline
