#include "files/directory_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace fallline {
namespace {

/// Whether the name still leads to what was opened: another process may have removed it.
bool leads_to(const std::filesystem::path& directory, int descriptor) {
  struct stat named {};
  struct stat open {};
  return ::stat(directory.c_str(), &named) == 0 && ::fstat(descriptor, &open) == 0 &&
         named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

}  // namespace

DirectoryLock::DirectoryLock(const std::filesystem::path& directory)
    : descriptor_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) {
    state_ = errno == ENOENT ? State::gone : State::none;
  } else if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    state_ = errno == EWOULDBLOCK ? State::taken : State::none;
  } else {
    state_ = leads_to(directory, descriptor_) ? State::held : State::gone;
  }
}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      state_(std::exchange(other.state_, State::none)) {}

DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(state_, other.state_);
  return *this;
}

std::vector<std::filesystem::path> make_directories(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> made;
  std::filesystem::path path;
  try {
    for (const auto& name : directory) {
      path /= name;
      if (!name.empty() && std::filesystem::create_directory(path)) made.push_back(path);
    }
    if (!std::filesystem::is_directory(directory))
      throw std::filesystem::filesystem_error("", directory,
                                              std::make_error_code(std::errc::not_a_directory));
  } catch (...) {
    remove_empty(made);
    throw;
  }
  return made;
}

void remove_empty(const std::vector<std::filesystem::path>& directories) noexcept {
  std::for_each(directories.rbegin(), directories.rend(),
                [](const std::filesystem::path& path) { (void)::rmdir(path.c_str()); });
}

}  // namespace fallline
