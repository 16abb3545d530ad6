#include "files/regular_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>

namespace fallline {
namespace {

const char* kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "is a pipe, where a file is needed";
  if (S_ISSOCK(mode)) return "is a socket, where a file is needed";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "is a device, where a file is needed";
  return "is not a regular file";
}

}  // namespace

void require_name(const std::filesystem::path& path) {
  const std::size_t zero = path.native().find('\0');
  if (zero != std::string::npos)
    throw bad_input({.file = path.native().substr(0, zero) + "\\0"},
                    "the name has a zero byte in it, as no file's has");
}

RegularFile::RegularFile(const std::filesystem::path& path) : name_(path.string()) {
  const auto refuse = [this](const char* what) {
    return bad_input({.file = name_}, std::string(what) + ": " + std::strerror(errno),
                     "check the name, and that it may be read");
  };
  require_name(path);
  // Without O_NONBLOCK a pipe that nobody writes to would hold the program here.
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor_ < 0 && errno == ENXIO)
    throw bad_input({.file = name_}, "is a socket or a device, where a file is needed");
  if (descriptor_ < 0) throw refuse("cannot be opened");
  try {
    if (::fstat(descriptor_, &status_) != 0) throw refuse("cannot be examined");
    if (S_ISDIR(status_.st_mode))
      throw bad_input({.file = name_}, "is a directory, where a file is needed");
    if (!S_ISREG(status_.st_mode))
      throw bad_input({.file = name_}, kind_of(status_.st_mode), "copy what it gives into a file");
  } catch (const Error&) {
    ::close(descriptor_);
    throw;
  }
}

RegularFile::~RegularFile() { ::close(descriptor_); }

std::size_t RegularFile::read(std::span<char> room) {
  while (true) {
    const ssize_t read = ::read(descriptor_, room.data(), room.size());
    if (read >= 0) return static_cast<std::size_t>(read);
    if (errno != EINTR)
      throw bad_input({.file = name_}, std::string("cannot be read: ") + std::strerror(errno));
  }
}

std::string read_small_file(const std::filesystem::path& path, std::uint64_t most,
                            std::uint64_t memory_limit) {
  RegularFile file(path);
  if (file.bytes() > most)
    throw bad_input({.file = path.string()},
                    fmt::format("has {}, where such a file has {} at the most",
                                format_bytes(file.bytes()), format_bytes(most)),
                    "is it the right file?");
  require_memory(file.bytes(), memory_limit, path.string());
  std::string text(file.bytes(), '\0');
  std::size_t had = 0;
  while (had < text.size()) {
    const std::size_t read = file.read(std::span(text).subspan(had));
    if (read == 0) break;
    had += read;
  }
  text.resize(had);
  return text;
}

}  // namespace fallline
