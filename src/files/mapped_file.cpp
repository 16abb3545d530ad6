#include "files/mapped_file.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <fallline/error.hpp>

#include "files/mappings.hpp"
#include "files/regular_file.hpp"

namespace fallline {

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path) {
  const RegularFile file(path);
  const auto size = static_cast<std::size_t>(file.bytes());
  if (size == 0) return std::shared_ptr<const MappedFile>(new MappedFile({}, nullptr));
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.descriptor(), 0);
  if (address == MAP_FAILED)
    throw bad_input({.file = path.string()},
                    std::string("cannot be mapped: ") + std::strerror(errno));
  const std::span bytes(static_cast<const std::byte*>(address), size);
  return std::shared_ptr<const MappedFile>(
      new MappedFile(bytes, add_mapping(bytes, path, file.status())));
}

MappedFile::~MappedFile() {
  if (mapping_ == nullptr) return;
  remove_mapping(mapping_);
  ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace fallline
