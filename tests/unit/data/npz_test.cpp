#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "data/examined.hpp"
#include "data/reader.hpp"
#include "support/binary_sets.hpp"
#include "support/reading.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline::data {
namespace {

using test::little_all;
using test::npy;
using test::write_zip;
using testing::ElementsAre;
using testing::HasSubstr;

Source read_npz(const std::filesystem::path& path, const OpenOptions& options = {}) {
  return npz_reader.read(Examined(path).candidate(), options);
}

Error npz_refusal(const std::filesystem::path& path, const OpenOptions& options = {}) {
  return test::refusal([&] { return read_npz(path, options); });
}

const std::string two = npy("|u1", "(2, 3)", "abcdef");
const std::string two_labels = npy("<i8", "(2,)", little_all<std::int64_t>({5, 3}));

TEST(Npz, AZipArchiveOfOtherThingsIsSaidToBeOne) {
  const test::Scratch scratch;
  const auto said = [&](const char* entry) {
    const Error error = npz_refusal(write_zip(scratch / "other", {{entry, "1,2,a\n"}}));
    EXPECT_THAT(error.what(), HasSubstr("is a zip archive"));
    return error.advice();
  };
  EXPECT_THAT(said("data.csv"), HasSubstr("unpack"));
  EXPECT_THAT(said("xl/workbook.xml"), HasSubstr("save the sheet as CSV"));
  EXPECT_THAT(said("content.xml"), HasSubstr("save the sheet as CSV"));
  EXPECT_THAT(said("archive/data.pkl"), HasSubstr("PyTorch"));
}

TEST(Npz, ArraysAreChosenByTheirNames) {
  const test::Scratch scratch;
  for (const auto& [x, y] : {std::pair("x", "y"), std::pair("X", "labels"),
                             std::pair("data", "target"), std::pair("images", "label")}) {
    const auto path = write_zip(scratch / "set.npz", {{std::string(x) + ".npy", two},
                                                      {std::string(y) + ".npy", two_labels}});
    EXPECT_THAT(test::classes(read_npz(path).train), ElementsAre("5", "3")) << x;
  }
}

TEST(Npz, ATestPartIsReadWithTheClassesOfTheTrainingPart) {
  const test::Scratch scratch;
  const auto path =
      write_zip(scratch / "set.npz", {{"x_test.npy", npy("|u1", "(1, 3)", "xyz")},
                                      {"x_train.npy", two},
                                      {"y_test.npy", npy("<i4", "(1,)", little_all({5}))},
                                      {"y_train.npy", two_labels}});
  const Source source = read_npz(path);
  EXPECT_EQ(source.format, "npz");
  EXPECT_EQ(source.train.size(), 2U);
  EXPECT_THAT(test::classes(*source.test), ElementsAre("5"));
  EXPECT_THAT(source.test->class_names(), ElementsAre("3", "5"));
}

TEST(Npz, AValidationPartStandsInForAMissingTestPart) {
  const test::Scratch scratch;
  const test::ZipEntries entries{{"train_images.npy", two},
                                 {"train_labels.npy", two_labels},
                                 {"val_images.npy", npy("|u1", "(1, 3)", "xyz")},
                                 {"val_labels.npy", npy("<i4", "(1, 1)", little_all({3}))}};
  const Source source = read_npz(write_zip(scratch / "set.npz", entries));
  EXPECT_EQ(source.test->size(), 1U);
  EXPECT_THAT(source.notes, ElementsAre(HasSubstr("val_images is the test part")));
}

TEST(Npz, ATestPartOfOtherFeaturesIsRefused) {
  const test::Scratch scratch;
  const auto path = write_zip(scratch / "set.npz",
                              {{"x_train.npy", two}, {"x_test.npy", npy("|u1", "(1, 2)", "xy")}});
  EXPECT_THAT(npz_refusal(path).what(), HasSubstr("2 features an example"));
}

TEST(Npz, NamesThatTellNothingOrTheSameTwiceAreRefused) {
  const test::Scratch scratch;
  EXPECT_THAT(npz_refusal(write_zip(scratch / "a.npz", {{"arr_0.npy", two}})).what(),
              HasSubstr("arr_0"));
  EXPECT_THAT(npz_refusal(write_zip(scratch / "b.npz", {{"x.npy", two}, {"data.npy", two}})).what(),
              HasSubstr("x and data could both"));
}

TEST(Npz, EveryTruncationIsRefused) {
  const test::Scratch scratch;
  const std::string whole =
      test::content(write_zip(scratch / "w.npz", {{"x.npy", two}, {"y.npy", two_labels}}));
  test::expect_every_prefix_refused(
      whole, [&](std::string_view bytes) { (void)read_npz(scratch.file("cut.npz", bytes)); });
}

TEST(Npz, TrailingBytesAreRefused) {
  const test::Scratch scratch;
  const std::string whole = test::content(write_zip(scratch / "w.npz", {{"x.npy", two}}));
  EXPECT_EQ(npz_refusal(scratch.file("more.npz", whole + "trailing")).kind(), ErrorKind::bad_input);
}

TEST(Npz, AMemberWhoseChecksumIsWrongIsRefused) {
  const test::Scratch scratch;
  std::string whole = test::content(write_zip(scratch / "w.npz", {{"x.npy", two}}));
  const std::string member_header = "PK\x03\x04";
  ASSERT_EQ(whole.find(member_header), 0U);
  const std::size_t central = whole.find("PK\x01\x02");
  whole[14] = static_cast<char>(whole[14] ^ 1);  // the checksum, in both places where it stands
  whole[central + 16] = static_cast<char>(whole[central + 16] ^ 1);
  const Error error = npz_refusal(scratch.file("wrong.npz", whole));
  EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  EXPECT_THAT(error.where().file, HasSubstr("wrong.npz/x.npy"));
  EXPECT_THAT(error.what(), HasSubstr("CRC"));
}

TEST(Npz, AMemberThatClaimsMoreThanItCanHoldIsRefusedBeforeItIsUnpacked) {
  const test::Scratch scratch;
  std::string whole = test::content(write_zip(scratch / "w.npz", {{"x.npy", two}}));
  const std::size_t central = whole.find("PK\x01\x02");
  for (const std::size_t size_at : {std::size_t{22}, central + 24})
    whole.replace(size_at, 4, test::little(0xFFFFFF00U));
  EXPECT_THAT(npz_refusal(scratch.file("wrong.npz", whole)).what(), HasSubstr("cannot hold"));
}

TEST(Npz, WhatUnpacksToMoreThanIsAllowedIsRefused) {
  const test::Scratch scratch;
  const auto bomb = write_zip(scratch / "bomb.npz",
                              {{"x.npy", npy("|u1", "(5000, 1000)", std::string(5000000, '0'))}});
  EXPECT_LT(std::filesystem::file_size(bomb), 100000U);
  EXPECT_EQ(npz_refusal(bomb, {.memory_limit = 1 << 20}).kind(), ErrorKind::not_enough_memory);
}

TEST(Npz, AnErrorNamesTheMember) {
  const test::Scratch scratch;
  const auto path = write_zip(scratch / "set.npz", {{"x.npy", two.substr(0, two.size() - 1)}});
  EXPECT_EQ(npz_refusal(path).where().file, path.string() + "/x.npy");
}

}  // namespace
}  // namespace fallline::data
