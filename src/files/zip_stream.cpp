#include "files/zip_stream.hpp"

#include <zlib.h>

namespace fallline {
namespace {

constexpr std::uint16_t version_of_zip64 = 45;
constexpr std::uint16_t utf8_name = 1 << 11;
constexpr std::uint16_t first_of_january_1980 = 0x21;
constexpr std::uint32_t see_zip64 = 0xFFFFFFFF;

template <class Integer>
void append(std::string& out, Integer value) {
  for (std::size_t i = 0; i < sizeof value; ++i)
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> 8 * i);
}

template <class... Integers>
std::string little_endian(Integers... values) {
  std::string out;
  (append(out, values), ...);
  return out;
}

constexpr std::uint16_t u16(std::size_t value) { return static_cast<std::uint16_t>(value); }
constexpr std::uint32_t u32(std::size_t value) { return static_cast<std::uint32_t>(value); }

/// What a local and a central header have in common, up to the length of the name.
std::string common_header(std::uint32_t check_sum, const std::string& name) {
  return little_endian(version_of_zip64, utf8_name, u16(0), u16(0), first_of_january_1980,
                       check_sum, see_zip64, see_zip64, u16(name.size()));
}

}  // namespace

void ZipStream::write(std::string_view text) {
  file_.write(text);
  written_ += text.size();
}

void ZipStream::add(const std::string& name, const std::function<void(const Sink&)>& produce) {
  Member member{.name = name, .offset = written_, .bytes = 0, .check_sum = 0};
  produce([&member](std::span<const std::byte> piece) {
    member.bytes += piece.size();
    member.check_sum =
        u32(crc32_z(member.check_sum, reinterpret_cast<const Bytef*>(piece.data()), piece.size()));
  });
  const std::string sizes = little_endian(u16(1), u16(16), member.bytes, member.bytes);
  write(little_endian(u32(0x04034b50)) + common_header(member.check_sum, name) +
        little_endian(u16(sizes.size())) + name + sizes);
  produce([this](std::span<const std::byte> piece) {
    file_.write(piece);
    written_ += piece.size();
  });
  members_.push_back(std::move(member));
}

void ZipStream::finish() {
  const std::uint64_t directory = written_;
  for (const Member& member : members_) {
    const std::string sizes =
        little_endian(u16(1), u16(24), member.bytes, member.bytes, member.offset);
    write(little_endian(u32(0x02014b50), version_of_zip64) +
          common_header(member.check_sum, member.name) +
          little_endian(u16(sizes.size()), u16(0), u16(0), u16(0), u32(0), see_zip64) +
          member.name + sizes);
  }
  const std::uint64_t end = written_;
  const std::uint64_t count = members_.size();
  write(little_endian(u32(0x06064b50), std::uint64_t{44}, version_of_zip64, version_of_zip64,
                      u32(0), u32(0), count, count, end - directory, directory));
  write(little_endian(u32(0x07064b50), u32(0), end, u32(1)));
  write(little_endian(u32(0x06054b50), u16(0), u16(0), u16(0xFFFF), u16(0xFFFF), see_zip64,
                      see_zip64, u16(0)));
}

}  // namespace fallline
