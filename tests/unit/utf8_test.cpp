#include "utf8.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/refusal.hpp"

namespace fallline {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;

/// The place that the law gives, found character by character as ISO 10646 defines them.
std::optional<std::size_t> plainly(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 0;
    std::uint32_t value = 0;
    for (const auto& [mask, lead, n] : {std::tuple(0x80, 0x00, 1), std::tuple(0xE0, 0xC0, 2),
                                        std::tuple(0xF0, 0xE0, 3), std::tuple(0xF8, 0xF0, 4)})
      if ((byte(at) & mask) == lead) {
        length = std::size_t(n);
        value = byte(at) & ~static_cast<unsigned>(mask);
      }
    if (length == 0 || at + length > text.size()) return at;
    for (std::size_t i = 1; i < length; ++i) {
      if ((byte(at + i) & 0xC0) != 0x80) return at;
      value = value << 6 | (byte(at + i) & 0x3F);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return at;
    at += length;
  }
  return std::nullopt;
}

TEST(Utf8, EveryPairOfBytesAndEveryEdgeOfALongerFormIsJudgedAsTheDefinitionSays) {
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b) {
      const std::string two{static_cast<char>(a), static_cast<char>(b)};
      ASSERT_EQ(first_not_utf8(two), plainly(two)) << a << ' ' << b;
      for (const char* more : {"\x80", "\xBF", "\x80\x80", "\xBF\xBF", "\x7F", "\xC0"})
        ASSERT_EQ(first_not_utf8(two + more), plainly(two + more)) << a << ' ' << b;
    }
}

TEST(Utf8, ThePlaceIsFoundAtAnyOffsetOfALongText) {
  for (std::size_t length = 0; length < 100; ++length) {
    const std::string ascii(length, 'a');
    EXPECT_FALSE(first_not_utf8(ascii));
    EXPECT_FALSE(first_not_utf8(ascii + "é€😀" + ascii));
    EXPECT_EQ(first_not_utf8(ascii + "\xE9" + ascii), length);
    EXPECT_EQ(first_not_utf8("é" + ascii + "\xE2\x82"), length + 2);
  }
}

TEST(Utf8, TextOfTwoOrFourBytesACharacterHasAName) {
  EXPECT_EQ(wide_encoding("\xFF\xFEx\0y\0"sv), "UTF-16");
  EXPECT_EQ(wide_encoding("\xFE\xFF\0x\0y"sv), "UTF-16");
  EXPECT_EQ(wide_encoding("x\0,\0y\0\n\0"sv), "UTF-16");
  EXPECT_EQ(wide_encoding("\0x\0,\0y\0\n"sv), "UTF-16");
  EXPECT_EQ(wide_encoding("\xFF\xFE\0\0x\0\0\0"sv), "UTF-32");
  EXPECT_EQ(wide_encoding("\0\0\xFE\xFF\0\0\0x"sv), "UTF-32");
  EXPECT_EQ(wide_encoding("x\0\0\0,\0\0\0"sv), "UTF-32");
  EXPECT_EQ(wide_encoding("\0\0\0x\0\0\0,"sv), "UTF-32");
  for (const std::string_view other : {"x,y\n1,2\n"sv, "\xEF\xBB\xBFx,y"sv, ""sv, "\0\0\0\0\0\0"sv,
                                       "1,2\0,3,4,5,6"sv, "caf\xE9"sv})
    EXPECT_EQ(wide_encoding(other), "") << other;
}

TEST(Utf8, AMessageShowsBytesThatAreNoCharactersAsNumbers) {
  EXPECT_EQ(shown("caf\xE9"), "'caf\\xe9'");
  EXPECT_EQ(shown("a\tb\x7F"), "'a\\x09b\\x7f'");
  EXPECT_EQ(shown("é€"), "'é€'");
  EXPECT_EQ(shown(std::string(39, 'x') + "é!"), "'" + std::string(39, 'x') + "…'");
  EXPECT_EQ(shown(std::string(40, 'x')), "'" + std::string(40, 'x') + "'");
}

TEST(Utf8, TheEncodingThatItLooksLikeIsSuggested) {
  EXPECT_THAT(not_utf8({}, "caf\xE9", 3).advice(), HasSubstr("iconv -f LATIN1"));
  EXPECT_THAT(not_utf8({}, "\x93quote\x94", 0).advice(), HasSubstr("iconv -f CP1252"));
  EXPECT_EQ(not_utf8({}, "\x82\xA0\x82\xA2", 0).advice(), "save it as UTF-8 text");
}

TEST(Utf8, ANameThatIsNoTextIsNumberedAndShown) {
  EXPECT_NO_THROW(require_utf8({"a", "é"}, {}, "class name"));
  const Error error = test::refusal([] {
    require_utf8({"a", "caf\xE9"}, {.file = "set"}, "class name");
    return 0;
  });
  EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  EXPECT_THAT(error.what(), HasSubstr("set: class name 2, 'caf\\xe9', is not UTF-8"));
}

}  // namespace
}  // namespace fallline
