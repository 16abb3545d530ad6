#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include <array>
#include <cstring>
#include <fallline/data/picture.hpp>
#include <fallline/error.hpp>
#include <limits>

#include "support/scratch.hpp"

namespace fallline {
namespace {

using testing::ElementsAre;

/// What libpng itself makes of a file.
Picture read_png(const std::filesystem::path& path, std::size_t channels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_file(&image, path.c_str()) == 0)
    throw std::runtime_error(image.message);
  const bool grey = (image.format & PNG_FORMAT_FLAG_COLOR) == 0;
  if (grey != (channels == 1)) throw std::runtime_error("grey and colour mixed up");
  image.format = grey ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  Picture picture{image.height, image.width, channels, {}};
  picture.pixels.resize(PNG_IMAGE_SIZE(image));
  if (png_image_finish_read(&image, nullptr, picture.pixels.data(), 0, nullptr) == 0)
    throw std::runtime_error(image.message);
  return picture;
}

Picture numbered(std::size_t height, std::size_t width, std::size_t channels) {
  Picture picture{height, width, channels, {}};
  for (std::size_t i = 0; i < height * width * channels; ++i)
    picture.pixels.push_back(static_cast<std::uint8_t>(37 * i));
  return picture;
}

Dataset pictures_of(const ImageShape& shape, CellType cells, const void* data, std::size_t count) {
  DatasetParts parts{.name = "set", .cells = cells, .features = shape.features()};
  for (std::size_t i = 0; i < count; ++i)
    parts.rows.push_back(static_cast<const std::byte*>(data) +
                         i * shape.features() * bytes_of(cells));
  parts.shape = shape;
  return Dataset(parts);
}

TEST(Picture, ColourAndGreySurviveTheWayThroughPng) {
  const test::Scratch scratch;
  for (const std::size_t channels : {1U, 3U}) {
    const Picture picture = numbered(5, 7, channels);
    write_png(scratch / "picture.png", picture);
    EXPECT_EQ(read_png(scratch / "picture.png", channels), picture);
  }
}

TEST(Picture, PlanarChannelsAreInterleaved) {
  const std::array<std::uint8_t, 12> cells{0, 0, 0, 0, 0, 1, 2, 3, 10, 20, 30, 40};
  const Dataset data =
      pictures_of({.channels = 3, .height = 1, .width = 2}, CellType::u8, cells.data(), 2);
  const Picture picture = picture_of(data, 1);
  EXPECT_EQ(picture.width, 2U);
  EXPECT_THAT(picture.pixels, ElementsAre(2, 10, 30, 3, 20, 40));
}

TEST(Picture, InterleavedChannelsStayAsTheyAre) {
  const std::array<std::uint8_t, 6> cells{1, 2, 3, 4, 5, 6};
  const Dataset data = pictures_of({.channels = 3, .height = 2, .width = 1, .interleaved = true},
                                   CellType::u8, cells.data(), 1);
  EXPECT_THAT(picture_of(data, 0).pixels, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Picture, FloatsAreStretchedFromBlackToFull) {
  const std::array<float, 4> cells{-1.0F, 0.0F, std::numeric_limits<float>::quiet_NaN(), 1.0F};
  const Dataset data =
      pictures_of({.channels = 1, .height = 2, .width = 2}, CellType::f32, cells.data(), 1);
  EXPECT_THAT(picture_of(data, 0).pixels, ElementsAre(0, 128, 0, 255));
}

TEST(Picture, FloatsThatAreAllAlikeAreBlack) {
  const std::array<float, 2> cells{3.0F, 3.0F};
  const Dataset data =
      pictures_of({.channels = 1, .height = 1, .width = 2}, CellType::f32, cells.data(), 1);
  EXPECT_THAT(picture_of(data, 0).pixels, ElementsAre(0, 0));
}

TEST(Picture, WhatIsNoPictureIsRefused) {
  const std::array<std::uint8_t, 2> cells{};
  const auto two = ImageShape{.channels = 2, .height = 1, .width = 1};
  EXPECT_THROW((void)picture_of(pictures_of(two, CellType::u8, cells.data(), 1), 0), Error);
  const auto grey = ImageShape{.channels = 1, .height = 1, .width = 2};
  EXPECT_THROW((void)picture_of(pictures_of(grey, CellType::u8, cells.data(), 1), 1), Error);
}

TEST(Picture, EnlargingMakesEveryPixelASquare) {
  const Picture large = enlarge({1, 2, 1, {5, 9}}, 2);
  EXPECT_EQ(large, (Picture{2, 4, 1, {5, 5, 9, 9, 5, 5, 9, 9}}));
  EXPECT_THROW((void)enlarge({1, 1, 1, {0}}, 0), Error);
}

TEST(Picture, TilesStandInRowsWithWhiteBetweenAndAround) {
  const std::array<Picture, 3> three{Picture{1, 1, 1, {1}}, Picture{1, 1, 1, {2}},
                                     Picture{1, 1, 1, {3}}};
  const Picture sheet = tile(three, 2, 1);
  EXPECT_EQ(sheet.height, 5U);
  EXPECT_EQ(sheet.width, 5U);
  EXPECT_THAT(sheet.pixels, ElementsAre(255, 255, 255, 255, 255,  //
                                        255, 1, 255, 2, 255,      //
                                        255, 255, 255, 255, 255,  //
                                        255, 3, 255, 255, 255,    //
                                        255, 255, 255, 255, 255));
}

TEST(Picture, TilesOfDifferentSizesAreRefusedWithBothSizes) {
  const std::array<Picture, 2> two{numbered(1, 2, 1), numbered(2, 1, 1)};
  try {
    (void)tile(two, 2);
    FAIL() << "1x2 and 2x1 were tiled";
  } catch (const Error& error) {
    EXPECT_THAT(error.problem(), testing::HasSubstr("1x2x1"));
    EXPECT_THAT(error.problem(), testing::HasSubstr("2x1x1"));
  }
}

TEST(Picture, AContradictoryPictureIsRefusedAndNothingIsWritten) {
  const test::Scratch scratch;
  for (const Picture& wrong :
       {Picture{2, 2, 3, {1, 2, 3}}, Picture{0, 0, 3, {}}, Picture{1, 1, 2, {1, 2}}}) {
    EXPECT_THROW(write_png(scratch / "wrong.png", wrong), Error);
    EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
  }
}

TEST(Picture, APlaceThatCannotBeWrittenIsAnOutputError) {
  const test::Scratch scratch;
  try {
    write_png(scratch / "missing" / "picture.png", numbered(1, 1, 1));
    FAIL() << "a directory that is not there was written to";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::output);
  }
}

}  // namespace
}  // namespace fallline
