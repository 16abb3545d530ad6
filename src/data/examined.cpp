#include "data/examined.hpp"

#include <zlib.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <limits>
#include <new>

#include "files/regular_file.hpp"

namespace fallline::data {
namespace {

constexpr std::size_t head_bytes = 1 << 16;

bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

/// The first bytes that a gzip stream unpacks to: fewer, or none, where it is damaged.
std::vector<std::byte> unpacked_head(std::span<const std::byte> packed) {
  constexpr int gzip_of_any_window = 16 + MAX_WBITS;
  std::vector<std::byte> head(head_bytes);
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), 1U << 30));
  stream.next_out = reinterpret_cast<Bytef*>(head.data());
  stream.avail_out = static_cast<uInt>(head.size());
  if (inflateInit2(&stream, gzip_of_any_window) != Z_OK) throw std::bad_alloc();
  inflate(&stream, Z_SYNC_FLUSH);
  head.erase(head.end() - static_cast<std::ptrdiff_t>(stream.avail_out), head.end());
  inflateEnd(&stream);
  return head;
}

}  // namespace

Examined::Examined(const std::filesystem::path& path) {
  require_name(path);
  candidate_.path = path;
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  candidate_.directory = std::filesystem::is_directory(status);
  if (candidate_.directory) return;
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    throw bad_input({.file = path.string()}, "is neither a file nor a directory");
  file_ = MappedFile::open(path);
  candidate_.bytes = file_->bytes().size();
  candidate_.gzipped = is_gzip(file_->bytes());
  if (candidate_.gzipped) unpacked_ = unpacked_head(file_->bytes());
  candidate_.head = candidate_.gzipped
                        ? std::span<const std::byte>(unpacked_)
                        : file_->bytes().first(std::min(head_bytes, file_->bytes().size()));
}

Contents contents_of(const Candidate& candidate, std::uint64_t memory_limit) {
  const std::string file = candidate.path.string();
  require_memory(candidate.bytes, memory_limit, file, "allow more memory");
  Contents contents = read_contents(candidate.path, candidate.gzipped, memory_limit);
  if (contents.bytes.empty()) throw bad_input({.file = file}, "is empty");
  return contents;
}

}  // namespace fallline::data
