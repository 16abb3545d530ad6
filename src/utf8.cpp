#include "utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace fallline {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

/// The first byte from `at` on that is not ASCII, 32 bytes at a time.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
  constexpr std::size_t block = 32;
  constexpr std::uint64_t high = 0x8080808080808080;
  for (; text.size() - at >= block; at += block) {
    std::array<std::uint64_t, block / 8> words{};
    std::memcpy(words.data(), text.data() + at, block);
    if (((words[0] | words[1] | words[2] | words[3]) & high) != 0) break;
  }
  while (at < text.size() && is_ascii(text[at])) ++at;
  return at;
}

/// What the byte after a leading one may be, and how many bytes there are in all.
struct Sequence {
  std::size_t length = 0;  ///< 0: no character begins so
  unsigned char least = 0x80;
  unsigned char most = 0xBF;
};

Sequence sequence_of(unsigned char lead) {
  if (lead < 0xC2 || lead > 0xF4) return {};
  if (lead < 0xE0) return {.length = 2};
  if (lead == 0xE0) return {.length = 3, .least = 0xA0};  // else overlong
  if (lead == 0xED) return {.length = 3, .most = 0x9F};   // else a surrogate
  if (lead < 0xF0) return {.length = 3};
  if (lead == 0xF0) return {.length = 4, .least = 0x90};  // else overlong
  if (lead == 0xF4) return {.length = 4, .most = 0x8F};   // else beyond U+10FFFF
  return {.length = 4};
}

/// Bytes of the character at `at`, which is not ASCII; 0 where there is none.
std::size_t character_at(std::string_view text, std::size_t at) {
  const Sequence s = sequence_of(byte_at(text, at));
  if (s.length == 0 || text.size() - at < s.length) return 0;
  const unsigned char second = byte_at(text, at + 1);
  if (second < s.least || second > s.most) return 0;
  for (std::size_t i = 2; i < s.length; ++i)
    if ((byte_at(text, at + i) & 0xC0U) != 0x80) return 0;
  return s.length;
}

/// Share of the bytes at `first`, `first + step`, … that are 0.
double zeros(std::string_view head, std::size_t first, std::size_t step) {
  std::size_t count = 0;
  std::size_t all = 0;
  for (std::size_t i = first; i < head.size(); i += step, ++all) count += head[i] == '\0' ? 1 : 0;
  return all == 0 ? 0 : static_cast<double>(count) / static_cast<double>(all);
}

/// A single byte between ASCII is a letter in the encodings that came before.
std::string advice_on(std::string_view text, std::size_t at) {
  const bool alone =
      (at == 0 || is_ascii(text[at - 1])) && (at + 1 == text.size() || is_ascii(text[at + 1]));
  if (!alone) return "save it as UTF-8 text";
  const bool latin = byte_at(text, at) >= 0xA0;
  return fmt::format("it looks like {}: save it as UTF-8, or convert it with iconv -f {} -t UTF-8",
                     latin ? "Latin-1" : "Windows-1252", latin ? "LATIN1" : "CP1252");
}

}  // namespace

std::optional<std::size_t> first_not_utf8(std::string_view text) {
  for (std::size_t at = skip_ascii(text, 0); at < text.size(); at = skip_ascii(text, at)) {
    const std::size_t length = character_at(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

std::string_view wide_encoding(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("\xFF\xFE\0\0"sv) || head.starts_with("\0\0\xFE\xFF"sv)) return "UTF-32";
  if (head.starts_with("\xFF\xFE"sv) || head.starts_with("\xFE\xFF"sv)) return "UTF-16";
  constexpr std::size_t enough = 1 << 12;
  constexpr double nearly_all = 0.9;
  constexpr double hardly_any = 0.1;
  head = head.substr(0, enough);
  if (head.size() < 4) return {};
  const double even = zeros(head, 0, 2);
  const double odd = zeros(head, 1, 2);
  if (even < hardly_any && odd > nearly_all) return "UTF-16";
  if (even > nearly_all && odd < hardly_any) return "UTF-16";
  const auto three_of_four = [&](std::size_t letter) {
    for (std::size_t i = 0; i < 4; ++i)
      if (i == letter ? zeros(head, i, 4) > hardly_any : zeros(head, i, 4) < nearly_all)
        return false;
    return true;
  };
  return three_of_four(0) || three_of_four(3) ? "UTF-32" : "";
}

std::string shown(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string out = "'";
  std::size_t at = 0;
  while (at < std::min(longest, text.size())) {
    const std::size_t length = is_ascii(text[at]) ? 1 : character_at(text, at);
    if (at + length > longest) break;
    if (length == 0 || is_control(text[at])) {
      out += fmt::format("\\x{:02x}", byte_at(text, at));
    } else {
      out += text.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return out + (at < text.size() ? "…'" : "'");
}

Error not_utf8(const Where& where, std::string_view text, std::size_t at) {
  return bad_input(where, shown(text) + " is not UTF-8", advice_on(text, at));
}

void require_utf8(const std::vector<std::string>& names, const Where& where, const char* what) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (const auto at = first_not_utf8(names[i]))
      throw bad_input(where, fmt::format("{} {}, {}, is not UTF-8", what, i + 1, shown(names[i])),
                      advice_on(names[i], *at));
}

}  // namespace fallline
