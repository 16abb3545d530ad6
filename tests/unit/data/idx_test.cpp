#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "data/examined.hpp"
#include "data/reader.hpp"
#include "support/binary_sets.hpp"
#include "support/gzip.hpp"
#include "support/reading.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline::data {
namespace {

using test::big;
using test::counting;
using test::idx;
using testing::ElementsAre;
using testing::HasSubstr;

Source read_idx(const std::filesystem::path& path, const OpenOptions& options = {}) {
  return idx_reader.read(Examined(path).candidate(), options);
}

Error idx_refusal(const std::filesystem::path& path, const OpenOptions& options = {}) {
  return test::refusal([&] { return read_idx(path, options); });
}

const std::string images = idx(8, {3, 2, 2}, counting(12));
const std::string labels = idx(8, {3}, "\x07\x01\x07");

TEST(Idx, LabelsAreFoundByNameBesideTheImages) {
  const test::Scratch scratch;
  (void)scratch.file("train-labels-idx1-ubyte", labels);
  const Source source = read_idx(scratch.file("train-images-idx3-ubyte", images));
  EXPECT_EQ(source.format, "idx");
  EXPECT_EQ(source.train.cells(), CellType::u8);
  EXPECT_EQ(source.train.shape(), (ImageShape{1, 2, 2}));
  EXPECT_THAT(test::classes(source.train), ElementsAre("7", "1", "7"));
  EXPECT_THAT(test::cells(source.train), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
  EXPECT_THAT(source.notes, ElementsAre(HasSubstr("train-labels-idx1-ubyte")));
}

TEST(Idx, ADirectoryIsATrainingAndATestPartPlainOrPacked) {
  const test::Scratch scratch;
  (void)test::write_gzip(scratch / "train-images-idx3-ubyte.gz", images);
  (void)test::write_gzip(scratch / "train-labels-idx1-ubyte.gz", labels);
  (void)scratch.file("t10k-images.idx3-ubyte", idx(8, {1, 2, 2}, "abcd"));
  (void)scratch.file("t10k-labels.idx1-ubyte", idx(8, {1}, "\x07"));
  const Source source = read_idx(scratch.path());
  EXPECT_EQ(source.train.size(), 3U);
  EXPECT_THAT(test::classes(*source.test), ElementsAre("7"));
  EXPECT_THAT(source.test->class_names(), ElementsAre("1", "7"));
}

TEST(Idx, AClassOfTheTestPartAloneIsRefusedByName) {
  const test::Scratch scratch;
  (void)scratch.file("train-images-idx3-ubyte", images);
  (void)scratch.file("train-labels-idx1-ubyte", labels);
  (void)scratch.file("t10k-images-idx3-ubyte", idx(8, {1, 2, 2}, "abcd"));
  (void)scratch.file("t10k-labels-idx1-ubyte", idx(8, {1}, "\x05"));
  EXPECT_THAT(idx_refusal(scratch.path()).what(), HasSubstr("class '5'"));
}

TEST(Idx, TheFileOfLabelsMayBeNamed) {
  const test::Scratch scratch;
  const auto answers = scratch.file("answers", labels);
  EXPECT_TRUE(read_idx(scratch.file("pixels", images), {.labels = answers}).train.labelled());
  EXPECT_FALSE(read_idx(scratch / "pixels").train.labelled());
}

TEST(Idx, EveryTypeOfNumberIsRead) {
  const test::Scratch scratch;
  const auto cells = [&](int type, const std::string& bytes) {
    return test::cells(read_idx(scratch.file("x", idx(type, {1, 2}, bytes))).train);
  };
  EXPECT_THAT(cells(0x08, "\xff\x01"), ElementsAre(255, 1));
  EXPECT_THAT(cells(0x09, "\xff\x01"), ElementsAre(-1, 1));
  EXPECT_THAT(cells(0x0B, big(std::int16_t{-300}) + big(std::int16_t{2})), ElementsAre(-300, 2));
  EXPECT_THAT(cells(0x0C, big(std::int32_t{-70000}) + big(std::int32_t{3})),
              ElementsAre(-70000, 3));
  EXPECT_THAT(cells(0x0D, big(1.5F) + big(-2.5F)), ElementsAre(1.5, -2.5));
  EXPECT_THAT(cells(0x0E, big(0.1) + big(-4.0)), ElementsAre(0.1F, -4));
}

TEST(Idx, FourDimensionsArePicturesWithChannelsWhereThatIsPossible) {
  const test::Scratch scratch;
  const auto shape = [&](const std::vector<std::uint32_t>& dims) {
    std::size_t cells = 1;
    for (const auto dim : dims) cells *= dim;
    const Source source = read_idx(scratch.file("x", idx(8, dims, counting(cells))));
    EXPECT_FALSE(source.notes.empty());
    return source.train.shape();
  };
  EXPECT_EQ(shape({1, 5, 6, 3}), (ImageShape{3, 5, 6, true}));
  EXPECT_EQ(shape({1, 3, 5, 6}), (ImageShape{3, 5, 6, false}));
  EXPECT_EQ(shape({1, 5, 6, 7}), std::nullopt);
}

TEST(Idx, ACellThatIsNotFiniteIsNamedWithRowColumnAndByte) {
  const test::Scratch scratch;
  const auto at = [&](float value) {
    return idx_refusal(
        scratch.file("x", idx(0x0D, {2, 2}, big(1.F) + big(2.F) + big(3.F) + big(value))));
  };
  const Error error = at(std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(error.where().row, 2U);
  EXPECT_EQ(error.where().column, 2U);
  EXPECT_EQ(error.where().byte, 12 + 12U);
  EXPECT_THAT(error.what(), HasSubstr("NaN"));
  EXPECT_THAT(at(-INFINITY).what(), HasSubstr("infinite"));
}

TEST(Idx, EveryTruncationIsRefusedPlainOrPacked) {
  const test::Scratch scratch;
  test::expect_every_prefix_refused(
      images, [&](std::string_view bytes) { (void)read_idx(scratch.file("x", bytes)); });
  const std::string packed = test::content(test::write_gzip(scratch / "x.gz", images));
  test::expect_every_prefix_refused(
      packed, [&](std::string_view bytes) { (void)read_idx(scratch.file("x.gz", bytes)); });
}

TEST(Idx, ATruncationNamesTheByteWhereTheFileEnds) {
  const test::Scratch scratch;
  EXPECT_EQ(idx_refusal(scratch.file("x", images.substr(0, 9))).where().byte, 9U);
  EXPECT_EQ(idx_refusal(scratch.file("x", images.substr(0, 20))).where().byte, 20U);
}

TEST(Idx, TrailingBytesAreRefusedWithTheirPlace) {
  const test::Scratch scratch;
  EXPECT_EQ(idx_refusal(scratch.file("x", images + "!")).where().byte, images.size());
}

TEST(Idx, AWrongMagicNumberOrTypeIsRefused) {
  const test::Scratch scratch;
  EXPECT_EQ(idx_refusal(scratch.file("x", "\x01" + images.substr(1))).where().byte, 0U);
  EXPECT_EQ(idx_refusal(scratch.file("x", idx(0x0A, {1, 1}, "a"))).where().byte, 0U);
}

TEST(Idx, DimensionsBeyondTheFileOrBeyondAllNumbersAreRefused) {
  const test::Scratch scratch;
  const std::uint32_t huge = 0xFFFFFFFF;
  for (const auto& dims : std::vector<std::vector<std::uint32_t>>{
           {huge, huge}, {huge, huge, huge, huge}, {0x10000, 0x10000, 0x10000, 0x10000}, {huge, 1}})
    EXPECT_EQ(idx_refusal(scratch.file("x", idx(8, dims, "abcd"))).kind(), ErrorKind::bad_input);
}

TEST(Idx, NoExamplesNoFeaturesOrOnlyLabelsAreRefused) {
  const test::Scratch scratch;
  EXPECT_THAT(idx_refusal(scratch.file("x", idx(8, {0, 5}, ""))).what(), HasSubstr("no examples"));
  EXPECT_THAT(idx_refusal(scratch.file("x", idx(8, {5, 0}, ""))).what(), HasSubstr("no features"));
  EXPECT_THAT(idx_refusal(scratch.file("x", labels)).what(), HasSubstr("one dimension"));
}

TEST(Idx, LabelsMustBeWholeOneEachAndAsManyAsTheImages) {
  const test::Scratch scratch;
  (void)scratch.file("x", images);
  const auto with = [&](const std::string& bytes) {
    return idx_refusal(scratch / "x", {.labels = scratch.file("y", bytes)});
  };
  EXPECT_THAT(with(idx(8, {2}, "ab")).what(), HasSubstr("2 labels for 3 examples"));
  EXPECT_THAT(with(images).what(), HasSubstr("one an example"));
  const Error half = with(idx(0x0D, {3}, big(1.F) + big(1.5F) + big(2.F)));
  EXPECT_EQ(half.where().row, 2U);
  EXPECT_THAT(half.what(), HasSubstr("1.5"));
}

TEST(Idx, WhatUnpacksToMoreThanIsAllowedIsRefused) {
  const test::Scratch scratch;
  const auto bomb =
      test::write_gzip(scratch / "x.gz", idx(8, {1, 5000000}, std::string(5000000, 0)));
  EXPECT_EQ(idx_refusal(bomb, {.memory_limit = 1 << 20}).kind(), ErrorKind::not_enough_memory);
}

TEST(Idx, SeveralSetsInOneDirectoryAreNotGuessedBetween) {
  const test::Scratch scratch;
  (void)scratch.file("letters-train-images-idx3-ubyte", images);
  (void)scratch.file("digits-train-images-idx3-ubyte", images);
  EXPECT_THAT(idx_refusal(scratch.path()).what(), HasSubstr("several sets"));
}

}  // namespace
}  // namespace fallline::data
