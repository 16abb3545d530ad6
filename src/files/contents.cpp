#include "files/contents.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <limits>
#include <new>
#include <string>

#include "files/mapped_file.hpp"

namespace fallline {
namespace {

constexpr std::size_t first_capacity = 1 << 16;

/// Bytes that grow in place where the system can move pages instead of copying them.
class Growing {
 public:
  Growing() = default;
  ~Growing() { std::free(data_); }
  Growing(const Growing&) = delete;
  Growing& operator=(const Growing&) = delete;

  void resize(std::size_t bytes) {
    void* moved = std::realloc(data_, std::max<std::size_t>(bytes, 1));
    if (moved == nullptr) throw std::bad_alloc();
    data_ = static_cast<std::byte*>(moved);
    size_ = bytes;
  }
  [[nodiscard]] std::span<std::byte> bytes() const { return {data_, size_}; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

class Unpacker {
 public:
  Unpacker(std::span<const std::byte> packed, std::string file, std::uint64_t limit)
      : packed_(packed), file_(std::move(file)), limit_(limit) {
    constexpr int gzip_of_any_window = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, gzip_of_any_window) != Z_OK) throw std::bad_alloc();
  }
  ~Unpacker() { inflateEnd(&stream_); }
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  std::shared_ptr<const Growing> run() {
    auto out = std::make_shared<Growing>();
    while (!finished_) {
      if (written_ == out->bytes().size()) grow(*out);
      step(out->bytes().subspan(written_));
    }
    out->resize(written_);
    return out;
  }

 private:
  void grow(Growing& out) const {
    const std::size_t capacity = std::max(first_capacity, out.bytes().size() / 2 * 3);
    require_memory(packed_.size() + capacity, limit_, "unpacking " + file_,
                   "unpack it on disk, or allow more memory");
    out.resize(capacity);
  }

  void step(std::span<std::byte> room) {
    constexpr std::size_t most = std::numeric_limits<uInt>::max();
    const auto available_in = static_cast<uInt>(std::min(most, packed_.size() - read_));
    const auto available_out = static_cast<uInt>(std::min(most, room.size()));
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed_.data() + read_));
    stream_.avail_in = available_in;
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = available_out;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    read_ += available_in - stream_.avail_in;
    written_ += available_out - stream_.avail_out;
    if (status == Z_STREAM_END) return end_member();
    if (status == Z_OK) return;
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status == Z_BUF_ERROR && read_ == packed_.size())
      throw bad_input({.file = file_, .byte = read_}, "the gzip stream ends too early",
                      "fetch the file again: it is cut short");
    throw bad_input({.file = file_, .byte = read_}, "the gzip stream is damaged",
                    "fetch the file again");
  }

  /// A gzip file may be several streams in a row; anything else after one is not part of it.
  void end_member() {
    finished_ = read_ == packed_.size();
    if (finished_) return;
    const bool another = packed_.size() - read_ >= 2 && packed_[read_] == std::byte{0x1f} &&
                         packed_[read_ + 1] == std::byte{0x8b};
    if (!another)
      throw bad_input({.file = file_, .byte = read_},
                      "other bytes follow the end of the gzip stream",
                      "fetch the file again, or remove what follows");
    inflateReset(&stream_);
  }

  std::span<const std::byte> packed_;
  std::string file_;
  std::uint64_t limit_;
  z_stream stream_{};
  std::size_t read_ = 0;
  std::size_t written_ = 0;
  bool finished_ = false;
};

}  // namespace

Contents read_contents(const std::filesystem::path& path, bool gzipped,
                       std::uint64_t memory_limit) {
  auto file = MappedFile::open(path);
  if (!gzipped) {
    const auto bytes = file->bytes();
    return {.owner = std::move(file), .bytes = bytes};
  }
  auto unpacked = Unpacker(file->bytes(), path.string(), memory_limit).run();
  const auto bytes = unpacked->bytes();
  return {.owner = std::move(unpacked), .bytes = bytes};
}

}  // namespace fallline
