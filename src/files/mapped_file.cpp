#include "files/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fallline/error.hpp>
#include <utility>

#include "files/mappings.hpp"

namespace fallline {
namespace {

/// Closes a file descriptor at the end of a scope.
struct Descriptor {
  int number = -1;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

}  // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path) {
  const Where where{.file = path.string()};
  const auto refuse = [&where](const char* what) {
    return bad_input(where, std::string(what) + ": " + std::strerror(errno),
                     "check the name, and that it may be read");
  };
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) throw refuse("cannot be opened");
  struct stat status {};
  if (::fstat(file.number, &status) != 0) throw refuse("cannot be examined");
  if (S_ISDIR(status.st_mode)) throw bad_input(where, "is a directory, where a file is needed");
  if (!S_ISREG(status.st_mode)) throw bad_input(where, "is not a regular file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return std::shared_ptr<const MappedFile>(new MappedFile({}, nullptr));
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
  if (address == MAP_FAILED) throw refuse("cannot be mapped");
  const std::span bytes(static_cast<const std::byte*>(address), size);
  return std::shared_ptr<const MappedFile>(new MappedFile(bytes, add_mapping(bytes, path, status)));
}

MappedFile::~MappedFile() {
  if (mapping_ == nullptr) return;
  remove_mapping(mapping_);
  ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace fallline
