#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "data/examined.hpp"
#include "data/reader.hpp"
#include "support/picture_files.hpp"
#include "support/reading.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline::data {
namespace {

using test::grey_png;
using test::rgb_png;
using testing::ElementsAre;
using testing::HasSubstr;

Source read_images(const test::Scratch& scratch, const OpenOptions& options = {}) {
  return images_reader.read(Examined(scratch.path()).candidate(), options);
}

Error images_refusal(const test::Scratch& scratch, const OpenOptions& options = {}) {
  return test::refusal([&] { return read_images(scratch, options); });
}

TEST(Images, AFolderIsAClassAndFilesComeInTheOrderOfTheirNames) {
  const test::Scratch scratch;
  (void)scratch.file("bee/2.png", grey_png(2, 1, {30, 40}));
  (void)scratch.file("bee/1.png", grey_png(2, 1, {10, 20}));
  (void)scratch.file("ant/9.jpg", grey_png(2, 1, {50, 60}));
  (void)scratch.file("ant/.hidden", "nothing");
  (void)scratch.file(".cache/x", "nothing");
  const Source source = read_images(scratch);
  EXPECT_EQ(source.format, "images");
  EXPECT_EQ(source.train.cells(), CellType::u8);
  EXPECT_EQ(source.train.shape(), (ImageShape{1, 1, 2}));
  EXPECT_THAT(test::classes(source.train), ElementsAre("ant", "bee", "bee"));
  EXPECT_THAT(test::cells(source.train), ElementsAre(50, 60, 10, 20, 30, 40));
  EXPECT_TRUE(source.notes.empty());
}

TEST(Images, ColoursAreKeptPlanar) {
  const test::Scratch scratch;
  (void)scratch.file("a/1.png", rgb_png(2, 1, {1, 2, 3, 4, 5, 6}));
  EXPECT_THAT(test::cells(read_images(scratch).train), ElementsAre(1, 4, 2, 5, 3, 6));
}

TEST(Images, GreyBesideColourBecomesColourAndThatIsSaid) {
  const test::Scratch scratch;
  (void)scratch.file("a/1.png", grey_png(1, 1, {9}));
  (void)scratch.file("b/1.png", rgb_png(1, 1, {1, 2, 3}));
  const Source source = read_images(scratch);
  EXPECT_THAT(test::cells(source.train), ElementsAre(9, 9, 9, 1, 2, 3));
  EXPECT_THAT(source.notes, ElementsAre(HasSubstr("1 of 2 pictures are grey")));
}

TEST(Images, MixedSizesAreRefusedWithBothSizesAndBothFiles) {
  const test::Scratch scratch;
  const auto first = scratch.file("a/1.png", grey_png(2, 1, {1, 2}));
  const auto second = scratch.file("b/1.png", grey_png(1, 3, {1, 2, 3}));
  const Error error = images_refusal(scratch);
  EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  EXPECT_EQ(error.where().file, second.string());
  EXPECT_THAT(error.what(), HasSubstr("is 1x3 pixels, where " + first.string() + " is 2x1"));
}

TEST(Images, AFileThatIsNoPictureIsNamed) {
  const test::Scratch scratch;
  (void)scratch.file("a/1.png", grey_png(1, 1, {1}));
  const auto wrong = scratch.file("a/2.png", "a text");
  EXPECT_EQ(images_refusal(scratch).where().file, wrong.string());
  (void)scratch.file("a/2.png", "");
  EXPECT_THAT(images_refusal(scratch).what(), HasSubstr("is empty"));
}

TEST(Images, FoldersWithinClassesAreRefusedAndEmptyOnesAndLooseFilesSaid) {
  const test::Scratch scratch;
  (void)scratch.file("a/1.png", grey_png(1, 1, {1}));
  (void)scratch.file("README", "hello");
  std::filesystem::create_directory(scratch / "b");
  EXPECT_THAT(read_images(scratch).notes,
              ElementsAre(HasSubstr("README"), HasSubstr("holds no pictures")));
  std::filesystem::create_directory(scratch / "a/deeper");
  EXPECT_THAT(images_refusal(scratch).what(), HasSubstr("a folder within a class folder"));
}

TEST(Images, TheFirstDamagedFileIsNamedWhateverThreadMeetsIt) {
  const test::Scratch scratch;
  std::string damaged = grey_png(4, 4, std::vector<std::uint8_t>(16, 7));
  damaged.resize(damaged.size() - 5);
  for (int i = 10; i < 50; ++i)
    (void)scratch.file("a/" + std::to_string(i), i < 20 ? test::flat_jpeg(4, 4, {7}) : damaged);
  for (int repeat = 0; repeat < 5; ++repeat)
    EXPECT_EQ(images_refusal(scratch).where().file, (scratch / "a/20").string());
}

TEST(Images, WhatCannotFitIsRefusedBeforeItIsDecoded) {
  const test::Scratch scratch;
  for (int i = 0; i < 10; ++i)
    (void)scratch.file("a/" + std::to_string(i), test::flat_jpeg(100, 100, {7, 8, 9}));
  EXPECT_EQ(images_refusal(scratch, {.memory_limit = 300000}).kind(), ErrorKind::not_enough_memory);
}

TEST(Images, AreRecognisedByTheContentsOfTheFolders) {
  const test::Scratch scratch;
  const auto recognised = [&] {
    return images_reader.recognises(Examined(scratch.path()).candidate());
  };
  EXPECT_FALSE(recognised());
  (void)scratch.file("a/1.png", "a text");
  (void)scratch.file("1.png", grey_png(1, 1, {1}));
  EXPECT_FALSE(recognised());
  (void)scratch.file("b/x", grey_png(1, 1, {1}));
  EXPECT_TRUE(recognised());
}

}  // namespace
}  // namespace fallline::data
