#include "files/partial_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cstring>
#include <string_view>

namespace fallline {
namespace {

/// So many names are tried, and each so often while other processes come and go.
constexpr int most_names = 16;
constexpr int most_races = 8;

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Whether `name` is this very file, and no link to it.
bool is_named(int descriptor, const std::filesystem::path& name) {
  struct stat open {};
  struct stat named {};
  return ::fstat(descriptor, &open) == 0 && ::lstat(name.c_str(), &named) == 0 &&
         same_file(open, named);
}

/// Locks a file that was just created. Between the two another process may have taken it for a
/// leftover: then it is false. A file system without locks is no reason.
bool hold(int descriptor, const std::filesystem::path& name) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
  return is_named(descriptor, name);
}

/// Opens what may be a leftover: a regular file of this user's.
int open_leftover(const std::filesystem::path& name) {
  struct stat found {};
  if (::lstat(name.c_str(), &found) != 0) return -1;
  if (!S_ISREG(found.st_mode) || found.st_uid != ::geteuid()) {
    errno = EEXIST;
    return -1;
  }
  return ::open(name.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

/// Removes the name of a leftover; false where it is none, or locks do not tell.
bool remove_leftover(const std::filesystem::path& name) {
  const int descriptor = open_leftover(name);
  if (descriptor < 0) return errno == ENOENT;
  const bool ours = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && is_named(descriptor, name);
  const bool removed = ours && ::unlink(name.c_str()) == 0;
  ::close(descriptor);
  return removed;
}

/// A descriptor, or −1 and errno: EEXIST where the name is somebody else's.
int create_locked(const std::filesystem::path& name) {
  for (int race = 0; race < most_races; ++race) {
    const int descriptor =
        ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno != EEXIST) return -1;
    if (descriptor >= 0 && hold(descriptor, name)) return descriptor;
    if (descriptor >= 0)
      ::close(descriptor);
    else if (!remove_leftover(name))
      break;
  }
  errno = EEXIST;
  return -1;
}

/// The first bytes, at most so many, without half a character of UTF-8 at their end.
std::string_view beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most);
}

}  // namespace

void throw_unwritten(const std::filesystem::path& path, const std::string& what, int error) {
  const Where where{.file = path.string()};
  std::string problem = what + ": " + std::strerror(error);
  if (error == ENOSPC || error == EDQUOT)
    throw NoRoom(ErrorKind::output, where, std::move(problem),
                 "make room, or choose another place to write to");
  if (error == EFBIG)
    throw Error(ErrorKind::output, where, std::move(problem),
                "the shell's 'ulimit -f' may limit the size of files");
  throw Error(ErrorKind::output, where, std::move(problem), "choose another place to write to");
}

void require_writable_name(const std::filesystem::path& path) {
  const auto refuse = [&path](std::string problem, const char* advice) {
    return Error(ErrorKind::output, {.file = path.string()}, std::move(problem), advice);
  };
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0 && errno == ENAMETOOLONG)
    throw refuse(fmt::format("the name is too long: {} bytes", path.filename().string().size()),
                 "most file systems take 255; choose a shorter one");
  if (::stat(path.c_str(), &found) != 0 || S_ISREG(found.st_mode)) return;
  if (S_ISDIR(found.st_mode)) throw refuse("is a directory", "name a file in it");
  throw refuse("is no regular file, and would be replaced by one", "choose another name");
}

std::string partial_name(const std::string& name, int n, bool shortened) {
  constexpr std::size_t kept = 64;
  const std::string stem = shortened ? fmt::format("{}-{:016x}", beginning(name, kept),
                                                   XXH64(name.data(), name.size(), 0))
                                     : name;
  return n == 1 ? stem + ".partial" : fmt::format("{}.{}.partial", stem, n);
}

PartialFile create_partial(const std::filesystem::path& path) {
  require_writable_name(path);
  const std::string name = path.filename().string();
  bool shortened = false;
  for (int n = 1; n <= most_names; ++n) {
    std::filesystem::path partial = path;
    partial.replace_filename(partial_name(name, n, shortened));
    const int descriptor = create_locked(partial);
    if (descriptor >= 0) return {.name = std::move(partial), .descriptor = descriptor};
    if (errno == ENAMETOOLONG && !shortened) {
      shortened = true;
      --n;
    } else if (errno != EEXIST) {
      throw_unwritten(path, "cannot be created");
    }
  }
  throw Error(ErrorKind::output, {.file = path.string()},
              fmt::format("{} other files or processes have the names it would be written under",
                          most_names),
              "remove what ends in .partial beside it");
}

}  // namespace fallline
