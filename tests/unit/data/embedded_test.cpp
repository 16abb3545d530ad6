#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fallline/data/embedded.hpp>
#include <fallline/error.hpp>
#include <set>
#include <string_view>

namespace fallline {
namespace {

std::string_view bytes_of_picture(const Dataset& data, std::size_t i) {
  return {reinterpret_cast<const char*>(data.rows()[i]), data.features()};
}

/// XXH64 of the set as CIFAR-10 writes it: for each picture its class in a byte, then its cells.
std::uint64_t hash(const Dataset& data) {
  XXH64_state_t* state = XXH64_createState();
  XXH64_reset(state, 0);
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto label = static_cast<std::uint8_t>(data.labels()[i]);
    XXH64_update(state, &label, 1);
    XXH64_update(state, data.rows()[i], data.features());
  }
  const std::uint64_t value = XXH64_digest(state);
  XXH64_freeState(state);
  return value;
}

/// Whether both hold the same classes and cells for the first `count` examples.
bool begin_alike(const Dataset& a, const Dataset& b, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (a.labels()[i] != b.labels()[i] || bytes_of_picture(a, i) != bytes_of_picture(b, i))
      return false;
  return true;
}

TEST(Embedded, HasTheShapeOfCifar10AndNamesItsClasses) {
  const Source source = embedded({.train = 20, .test = 10});
  EXPECT_EQ(source.format, "embedded");
  EXPECT_EQ(source.train.size(), 20U);
  ASSERT_TRUE(source.test.has_value());
  EXPECT_EQ(source.test->size(), 10U);
  EXPECT_EQ(source.train.cells(), CellType::u8);
  EXPECT_EQ(source.train.shape(), (ImageShape{.channels = 3, .height = 32, .width = 32}));
  EXPECT_THAT(source.train.class_names(),
              testing::ElementsAre("ball", "checkers", "crescent", "cross", "flower", "heart",
                                   "house", "ring", "star", "stripes"));
  EXPECT_EQ(source.test->class_names(), source.train.class_names());
}

TEST(Embedded, EveryTenConsecutivePicturesHoldEachClassOnceInManyOrders) {
  const Dataset train = embedded({.train = 500, .test = 0}).train;
  std::set<std::vector<std::int32_t>> orders;
  for (std::size_t i = 0; i < train.size(); i += 10) {
    std::vector<std::int32_t> ten(&train.labels()[i], &train.labels()[i] + 10);
    orders.insert(ten);
    std::ranges::sort(ten);
    EXPECT_THAT(ten, testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  }
  EXPECT_EQ(orders.size(), 50U);
}

// The bytes are promised: a change of them is a change of every result stated for this set.
TEST(Embedded, TheBytesOfASmallSetAreTheSameEverywhere) {
  const Source source = embedded({.train = 500, .test = 100});
  EXPECT_EQ(hash(source.train), 0x685907cc6413111eU);
  EXPECT_EQ(hash(*source.test), 0x7596529176f84809U);
}

TEST(Embedded, TheBytesOfTheWholeSetAreTheSameEverywhere) {
#ifdef FALLLINE_TEST_SANITIZED
  GTEST_SKIP() << "60,000 pictures take too long under a sanitizer";
#endif
  const Source source = embedded();
  EXPECT_EQ(source.train.size(), 50'000U);
  EXPECT_EQ(source.test->size(), 10'000U);
  EXPECT_EQ(hash(source.train), 0x6bee61d6a66a231dU);
  EXPECT_EQ(hash(*source.test), 0x4e8a429afd0ab611U);
}

TEST(Embedded, TheNumberOfThreadsDoesNotChangeAByte) {
  const Source one = embedded({.train = 203, .test = 57, .threads = 1});
  const Source four = embedded({.train = 203, .test = 57, .threads = 4});
  EXPECT_TRUE(begin_alike(one.train, four.train, 203));
  EXPECT_TRUE(begin_alike(*one.test, *four.test, 57));
}

TEST(Embedded, ASmallerSetIsTheBeginningOfALargerOne) {
  const Source small = embedded({.train = 105, .test = 35});
  const Source large = embedded({.train = 400, .test = 90});
  EXPECT_TRUE(begin_alike(small.train, large.train, 105));
  EXPECT_TRUE(begin_alike(*small.test, *large.test, 35));
}

TEST(Embedded, NoTwoPicturesAreAlikeInOrAcrossPartsAndSeeds) {
  const Source first = embedded({.train = 300, .test = 100, .seed = 1});
  const Source second = embedded({.train = 300, .test = 100, .seed = 2});
  std::set<std::string_view> pictures;
  for (const Dataset& part : {first.train, *first.test, second.train, *second.test})
    for (std::size_t i = 0; i < part.size(); ++i) pictures.insert(bytes_of_picture(part, i));
  EXPECT_EQ(pictures.size(), 800U);
}

TEST(Embedded, PicturesUseTheWholeRangeOfBytesAndAreNeverFlat) {
  const Dataset train = embedded({.train = 300, .test = 0}).train;
  std::set<char> seen;
  for (std::size_t i = 0; i < train.size(); ++i) {
    const std::string_view bytes = bytes_of_picture(train, i);
    const std::set<char> here(bytes.begin(), bytes.end());
    EXPECT_GT(here.size(), 40U) << "picture " << i;
    seen.insert(here.begin(), here.end());
  }
  EXPECT_EQ(seen.size(), 256U);
}

TEST(Embedded, WithoutTestPicturesThereIsNoTestPart) {
  EXPECT_FALSE(embedded({.train = 1, .test = 0}).test.has_value());
}

TEST(Embedded, NoTrainingPictureIsRefused) {
  EXPECT_THROW((void)embedded({.train = 0}), Error);
  EXPECT_THROW((void)embedded({.train = 1, .test = 1'000'000'001}), Error);
}

TEST(Embedded, WhatCannotFitIsRefusedBeforeItIsDrawn) {
  try {
    (void)embedded({.train = 1'000'000'000, .memory_limit = 1 << 20});
    FAIL() << "3 TB were drawn";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_enough_memory);
    EXPECT_THAT(error.problem(), testing::HasSubstr("1.0 MiB"));
  }
}

}  // namespace
}  // namespace fallline
