#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fallline/data/open.hpp>
#include <set>
#include <string>

#include "support/binary_sets.hpp"
#include "support/gzip.hpp"
#include "support/picture_files.hpp"
#include "support/reading.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

Error open_refusal(const std::filesystem::path& path, const OpenOptions& options = {}) {
  return test::refusal([&] { return open(path, options); });
}

const std::string table = "1,2,yes\n3,4,no\n";
const std::string sparse = "+1 1:0.5 3:2\n-1 2:1\n";
const std::string idx_file = test::idx(8, {2, 1, 3}, "abcdef");
const std::string npy_file = test::npy("|u1", "(2, 3)", "abcdef");

TEST(Open, EveryFormatIsRecognisedByItsContentUnderAnyName) {
  const test::Scratch scratch;
  const auto format = [&](const std::string& bytes) {
    return open(scratch.file("thing.dat", bytes)).format;
  };
  EXPECT_EQ(format(table), "csv");
  EXPECT_EQ(format(sparse), "libsvm");
  EXPECT_EQ(format(idx_file), "idx");
  EXPECT_EQ(format(npy_file), "npy");
  EXPECT_EQ(format(test::cifar_record({1}) + test::cifar_record({2})), "cifar");
  EXPECT_EQ(open(test::write_zip(scratch / "zip.dat", {{"x.npy", npy_file}})).format, "npz");
}

TEST(Open, ContentsBehindGzipAreRecognisedToo) {
  const test::Scratch scratch;
  const auto format = [&](const std::string& bytes) {
    return open(test::write_gzip(scratch / "thing.dat", bytes)).format;
  };
  EXPECT_EQ(format(table), "csv");
  EXPECT_EQ(format(sparse), "libsvm");
  EXPECT_EQ(format(idx_file), "idx");
  EXPECT_EQ(format(npy_file), "npy");
}

TEST(Open, FormatsAreListedOnceEachAndCanBeAskedFor) {
  std::set<std::string_view> names;
  for (const FormatInfo& format : formats()) {
    EXPECT_TRUE(names.insert(format.name).second);
    EXPECT_FALSE(format.description.empty());
  }
  EXPECT_EQ(names.size(), 7U);
  const test::Scratch scratch;
  const auto path = scratch.file("x.bin", test::cifar_record({1}));
  EXPECT_EQ(open(path, {.format = "cifar"}).format, "cifar");
  EXPECT_THAT(open_refusal(path, {.format = "npy"}).what(), HasSubstr("does not begin as NPY"));
  const Error unknown = open_refusal(path, {.format = "tiff"});
  EXPECT_EQ(unknown.kind(), ErrorKind::usage);
  EXPECT_THAT(unknown.what(), HasSubstr("cifar"));
}

TEST(Open, EveryFormatThatIsAskedForRefusesWhatItIsNot) {
  const test::Scratch scratch;
  std::filesystem::create_directory(scratch / "empty");
  (void)scratch.file("nothing", "");
  (void)scratch.file("noise", std::string("\x07\x00\x01\xff\xfe noise", 11));
  for (const FormatInfo& format : formats()) {
    for (const char* name : {"empty", "nothing", "noise", "missing"}) {
      const Error error = open_refusal(scratch / name, {.format = std::string(format.name)});
      EXPECT_EQ(error.kind(), ErrorKind::bad_input) << format.name << " " << name;
      EXPECT_THAT(error.where().file, HasSubstr(name)) << format.name << " " << error.what();
    }
  }
}

TEST(Open, WhatIsMissingOrLeadsNowhereIsNamed) {
  const test::Scratch scratch;
  std::filesystem::create_symlink("nowhere", scratch / "link");
  for (const char* name : {"missing", "link", "missing/deeper"}) {
    const Error error = open_refusal(scratch / name);
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_EQ(error.where().file, (scratch / name).string());
    EXPECT_THAT(error.what(), HasSubstr("No such file"));
  }
}

TEST(Open, WhatMayNotBeReadIsNamed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const test::Scratch scratch;
  const auto file = scratch.file("x.csv", table);
  ::chmod(file.c_str(), 0);
  EXPECT_THAT(open_refusal(file).what(), HasSubstr("Permission denied"));
}

TEST(Open, WhatIsNeitherFileNorDirectoryIsRefusedAndNotWaitedFor) {
  const test::Scratch scratch;
  ASSERT_EQ(::mkfifo((scratch / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(open_refusal(scratch / "pipe").what(), HasSubstr("neither a file nor a directory"));
}

TEST(Open, NothingAndNothingPackedAreEmpty) {
  const test::Scratch scratch;
  EXPECT_THAT(open_refusal(scratch.file("x", "")).what(), HasSubstr("is empty"));
  EXPECT_THAT(open_refusal(test::write_gzip(scratch / "x.gz", "")).what(), HasSubstr("is empty"));
  EXPECT_THAT(open_refusal(scratch.file("y.gz", "\x1f\x8b")).what(), HasSubstr("gzip stream"));
}

TEST(Open, AnUnknownFormatListsTheKnownOnes) {
  const test::Scratch scratch;
  const Error error = open_refusal(scratch.file("x", std::string("\x00\x01\x02\x03 what", 9)));
  EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  for (const FormatInfo& format : formats())
    EXPECT_THAT(error.what(), HasSubstr(std::string(format.name)));
  EXPECT_THAT(open_refusal(scratch.path()).what(), HasSubstr("no set"));
}

TEST(Open, ArchivesAndPicklesAreToldApart) {
  const test::Scratch scratch;
  const std::string tar = "dir/" + std::string(253, '\0') + "ustar" + std::string(250, '\0');
  EXPECT_THAT(open_refusal(scratch.file("a", tar)).what(), HasSubstr("unpack"));
  EXPECT_THAT(open_refusal(scratch.file("b", std::string("\x80\x02}q\x00.", 6))).what(),
              HasSubstr("pickle"));
}

TEST(Open, AFileOfAnotherKindIsNamedByItsFirstBytes) {
  const test::Scratch scratch;
  const auto said = [&](std::string_view bytes) {
    const Error error = open_refusal(scratch.file("data", bytes));
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    return std::string(error.what());
  };
  using namespace std::string_view_literals;
  for (const auto& [bytes, kind] : std::initializer_list<std::pair<std::string_view, const char*>>{
           {"BZh91AY&SY\x01\x02"sv, "bzip2"},
           {"\xFD"
            "7zXZ\0\0\x04"sv,
            "xz"},
           {"\x28\xB5\x2F\xFD\x01\x02"sv, "zstd"},
           {"7z\xBC\xAF\x27\x1C\0\x04"sv, "7z"},
           {"PAR1\x15\x04\x15"sv, "Parquet"},
           {"ARROW1\0\0"sv, "Feather"},
           {"SQLite format 3\0\x10"sv, "SQLite"},
           {"\x89HDF\r\n\x1A\n\0"sv, "HDF5"},
           {"MATLAB 5.0 MAT-file, Platform\0\x01"sv, "MATLAB"},
           {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0"sv, "Excel"},
           {"\x89PNG\r\n\x1A\n\0"sv, "picture"},
           {"%PDF-1.7\n"sv, "PDF"},
           {"{\"x\": [1, 2]}\n"sv, "JSON"},
           {"# a remark\n1 2 3\n"sv, "comment"},
           {"1 2 3\n4 5 6\n"sv, "white space"},
           {"1|2|x\n4|5|y\n"sv, "'|'"}})
    EXPECT_THAT(said(bytes), HasSubstr(kind)) << bytes;
  EXPECT_EQ(open(scratch.file("flowers", "orchid,b,label\n1,2,x\n3,4,y\n")).train.size(), 2U);
}

TEST(Open, FoldersForTrainingAndTestAreReadWithTheSameClasses) {
  const test::Scratch scratch;
  (void)scratch.file("train/ant/1.png", test::grey_png(1, 1, {1}));
  (void)scratch.file("train/bee/1.png", test::grey_png(1, 1, {2}));
  (void)scratch.file("test/bee/1.png", test::grey_png(1, 1, {3}));
  (void)scratch.file("val/bee/1.png", test::grey_png(1, 1, {4}));
  const Source source = open(scratch.path());
  EXPECT_EQ(source.format, "images");
  EXPECT_THAT(test::classes(source.train), ElementsAre("ant", "bee"));
  EXPECT_THAT(source.test->class_names(), ElementsAre("ant", "bee"));
  EXPECT_EQ(source.test->cell(0, 0), 3);
  EXPECT_THAT(source.notes, Contains("val is left out"));
  (void)scratch.file("test/cow/1.png", test::grey_png(1, 1, {5}));
  EXPECT_THAT(open_refusal(scratch.path()).what(), HasSubstr("class 'cow'"));
}

TEST(Open, AValidationFolderStandsInForAMissingTestFolder) {
  const test::Scratch scratch;
  (void)scratch.file("train/ant/1.png", test::grey_png(1, 1, {1}));
  (void)scratch.file("valid/ant/1.png", test::grey_png(1, 1, {2}));
  EXPECT_EQ(open(scratch.path()).test->cell(0, 0), 2);
}

TEST(Open, TwoFilesAreATrainingAndATestPart) {
  const test::Scratch scratch;
  (void)scratch.file("flowers_train.csv", table);
  (void)test::write_gzip(scratch / "flowers_test.csv", "5,6,no\n");
  const Source source = open(scratch.path());
  EXPECT_EQ(source.format, "csv");
  EXPECT_THAT(test::classes(*source.test), ElementsAre("no"));
  EXPECT_THAT(source.test->class_names(), ElementsAre("no", "yes"));
}

TEST(Open, TablesWithOtherColumnsAreRefused) {
  const test::Scratch scratch;
  (void)scratch.file("train.csv", "a,b,label\n" + table);
  (void)scratch.file("test.csv", "b,c,label\n" + table);
  EXPECT_THAT(open_refusal(scratch.path()).what(), HasSubstr("no column 'a'"));
}

TEST(Open, SparseFilesCountTheirFeaturesAlike) {
  const test::Scratch scratch;
  (void)scratch.file("a9a", "+1 0:7 2:5\n-1 1:1\n");
  (void)scratch.file("a9a.t", "+1 1:3 5:4\n");
  const Source source = open(scratch.path());
  EXPECT_THAT(test::cells(source.train), ElementsAre(7, 0, 5, 0, 0, 0, 0, 1, 0, 0, 0, 0));
  EXPECT_THAT(test::cells(*source.test), ElementsAre(0, 3, 0, 0, 0, 4));
}

TEST(Open, TwoPairsOfFilesAreNotGuessedBetween) {
  const test::Scratch scratch;
  for (const char* name : {"a_train.csv", "a_test.csv", "b_train.csv", "b_test.csv"})
    (void)scratch.file(name, table);
  EXPECT_THAT(open_refusal(scratch.path()).what(), HasSubstr("two pairs"));
}

TEST(Open, BothPartsTogetherKeepToTheMemoryLimit) {
  const test::Scratch scratch;
  const std::string part = test::npy("|u1", "(10, 1000)", std::string(10000, 'x'));
  (void)scratch.file("x_train.npy", part);
  (void)scratch.file("x_test.npy", part);
  EXPECT_EQ(open_refusal(scratch.path(), {.memory_limit = 20000}).kind(),
            ErrorKind::not_enough_memory);
  EXPECT_TRUE(open(scratch.path(), {.memory_limit = 21000}).test);
}

TEST(Open, AFileOfLabelsGoesWithOneFileOfFeatures) {
  const test::Scratch scratch;
  const auto labels = scratch.file("answers", test::idx(8, {2}, "ab"));
  EXPECT_TRUE(open(scratch.file("x", npy_file), {.labels = labels}).train.labelled());
  EXPECT_EQ(open_refusal(scratch.file("t.csv", table), {.labels = labels}).kind(),
            ErrorKind::usage);
}

}  // namespace
}  // namespace fallline
