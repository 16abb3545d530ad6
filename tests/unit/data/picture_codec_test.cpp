#include "data/picture_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fallline/error.hpp>
#include <string>
#include <vector>

#include "support/picture_files.hpp"
#include "support/reading.hpp"
#include "support/refusal.hpp"

namespace fallline::data {
namespace {

using test::flat_jpeg;
using test::grey_png;
using test::rgb_png;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::vector<std::uint8_t> decode(std::string_view file, std::size_t channels) {
  const PictureHeader header = read_picture_header(bytes(file), "p");
  std::vector<std::uint8_t> planar(header.width * header.height * channels);
  decode_picture(bytes(file), "p", channels, planar);
  return planar;
}

Error picture_refusal(std::string_view file) {
  return test::refusal([&] { return decode(file, 1); });
}

TEST(PictureCodec, PngKeepsEveryCell) {
  EXPECT_THAT(decode(grey_png(3, 1, {0, 128, 255}), 1), ElementsAre(0, 128, 255));
  EXPECT_THAT(decode(rgb_png(1, 2, {1, 2, 3, 4, 5, 6}), 3), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(decode(grey_png(2, 1, {7, 8}), 3), ElementsAre(7, 8, 7, 8, 7, 8));
}

TEST(PictureCodec, AlphaIsDroppedAndSaid) {
  const std::vector<std::uint8_t> pixels{10, 20, 30, 40};
  const std::string file = test::png(1, 1, PNG_FORMAT_RGBA, pixels.data());
  EXPECT_TRUE(read_picture_header(bytes(file), "p").alpha);
  EXPECT_THAT(decode(file, 3), ElementsAre(10, 20, 30));
}

TEST(PictureCodec, SixteenBitsBecomeEightAndThatIsSaid) {
  const std::vector<std::uint16_t> pixels{0, 0x8080, 0xFFFF};
  const std::string file = test::png(3, 1, PNG_FORMAT_LINEAR_Y, pixels.data());
  EXPECT_TRUE(read_picture_header(bytes(file), "p").deep);
  EXPECT_THAT(decode(file, 1), ElementsAre(0, 0x80, 0xFF));
}

TEST(PictureCodec, APaletteIsExpanded) {
  const std::vector<std::uint8_t> colours{1, 2, 3, 4, 5, 6};
  const std::vector<std::uint8_t> pixels{1, 0};
  const std::string file =
      test::png(2, 1, PNG_FORMAT_RGB_COLORMAP, pixels.data(), colours.data(), 2);
  EXPECT_TRUE(read_picture_header(bytes(file), "p").colour);
  EXPECT_THAT(decode(file, 3), ElementsAre(4, 1, 5, 2, 6, 3));
}

TEST(PictureCodec, JpegOfOneColourKeepsItWithinRounding) {
  for (const bool progressive : {false, true}) {
    EXPECT_THAT(decode(flat_jpeg(9, 5, {100}, progressive), 1), Each(100));
    const auto colour = decode(flat_jpeg(9, 5, {200, 100, 50}, progressive), 3);
    ASSERT_EQ(colour.size(), 3 * 45U);
    for (const auto& [at, value] : {std::pair(0, 200), std::pair(45, 100), std::pair(90, 50)})
      EXPECT_NEAR(colour[static_cast<std::size_t>(at)], value, 2);
    EXPECT_THAT(decode(flat_jpeg(2, 1, {100}, progressive), 3), Each(100));
  }
}

TEST(PictureCodec, FourColoursAreRefused) {
  EXPECT_THAT(picture_refusal(flat_jpeg(4, 4, {1, 2, 3, 4})).what(), HasSubstr("neither grey nor"));
}

TEST(PictureCodec, EveryTruncationIsRefused) {
  const std::vector<std::uint8_t> pixels(64, 77);
  for (const std::string& whole :
       {grey_png(8, 8, pixels), flat_jpeg(8, 8, {77}), flat_jpeg(24, 24, {1, 99, 5}, true)})
    test::expect_every_prefix_refused(whole, [](std::string_view file) { (void)decode(file, 3); });
}

TEST(PictureCodec, BytesAfterThePictureAreRefusedWithTheirPlace) {
  for (const std::string& whole : {grey_png(1, 1, {1}), flat_jpeg(8, 8, {77})}) {
    const Error error = picture_refusal(whole + "xyz");
    EXPECT_EQ(error.where().byte, whole.size());
    EXPECT_THAT(error.what(), HasSubstr("3 bytes follow"));
  }
}

TEST(PictureCodec, AWrongChecksumIsRefused) {
  const std::string whole = grey_png(2, 2, {1, 2, 3, 4});
  for (const char* chunk : {"IHDR", "IDAT", "IEND"}) {
    std::string wrong = whole;
    const std::size_t name = wrong.find(chunk);
    const std::size_t size = static_cast<std::size_t>(wrong[name - 1]);  // below 128 here
    wrong[name + 4 + size] = static_cast<char>(wrong[name + 4 + size] ^ 1);
    EXPECT_THAT(picture_refusal(wrong).what(), HasSubstr("CRC")) << chunk;
  }
}

TEST(PictureCodec, ASizeThatTheFileCannotHoldIsRefusedBeforeAnythingIsDecoded) {
  std::string jpeg = flat_jpeg(8, 8, {77});
  const std::size_t frame = jpeg.find("\xFF\xC0");
  jpeg.replace(frame + 5, 4, "\xFF\x00\xFF\x00", 4);
  EXPECT_THAT(picture_refusal(jpeg).what(), HasSubstr("65280x65280 pixels, which"));
  jpeg.replace(frame + 5, 4, std::string(4, '\0'));
  EXPECT_EQ(picture_refusal(jpeg).kind(), ErrorKind::bad_input);
}

TEST(PictureCodec, WhatIsNoPictureIsRefused) {
  EXPECT_THAT(picture_refusal("").what(), HasSubstr("empty"));
  EXPECT_THAT(picture_refusal("GIF89a").what(), HasSubstr("neither a PNG nor a JPEG"));
}

}  // namespace
}  // namespace fallline::data
