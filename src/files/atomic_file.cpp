#include "files/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "bytes.hpp"

namespace fallline {
namespace {

constexpr std::size_t buffer_bytes = 1 << 16;

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path)
    : path_(std::move(path)), file_(create_partial(path_)) {
  buffer_.reserve(buffer_bytes);
}

AtomicFile::~AtomicFile() {
  if (file_.descriptor < 0) return;
  // While it is locked: then the name is still this file's.
  ::unlink(file_.name.c_str());
  ::close(file_.descriptor);
}

void AtomicFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= buffer_bytes) flush();
}

void AtomicFile::write(std::span<const std::byte> bytes) { write(as_text(bytes)); }

void AtomicFile::flush() {
  std::string_view left = buffer_;
  while (!left.empty()) {
    const ssize_t written = ::write(file_.descriptor, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      const auto end = static_cast<off_t>(flushed_);
      if (::ftruncate(file_.descriptor, end) == 0) (void)::lseek(file_.descriptor, end, SEEK_SET);
      throw_unwritten(path_, "cannot be written", error);
    }
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  flushed_ += buffer_.size();
  buffer_.clear();
}

void AtomicFile::commit() {
  flush();
  if (::fsync(file_.descriptor) != 0) throw_unwritten(path_, "cannot be flushed");
  if (::rename(file_.name.c_str(), path_.c_str()) != 0)
    throw_unwritten(path_, "cannot be renamed into place");
  ::close(std::exchange(file_.descriptor, -1));
  flush_directory(path_.parent_path());
}

void AtomicFile::leave() noexcept {
  if (file_.descriptor >= 0) ::close(std::exchange(file_.descriptor, -1));
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

void flush_directory(const std::filesystem::path& directory) noexcept {
  const int descriptor =
      ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  (void)::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace fallline
