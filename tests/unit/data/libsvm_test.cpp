#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fallline/error.hpp>
#include <string>
#include <vector>

#include "data/reader.hpp"
#include "support/candidate.hpp"
#include "support/gzip.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline::data {
namespace {

using test::AsCandidate;
using testing::ElementsAre;
using testing::HasSubstr;

Source read_libsvm(const std::filesystem::path& path, const OpenOptions& options = {}) {
  const AsCandidate candidate(path);
  return libsvm_reader.read(candidate, options);
}

Source read_libsvm_text(std::string_view text, const OpenOptions& options = {}) {
  const test::Scratch scratch;
  return read_libsvm(scratch.file("set.svm", text), options);
}

Error libsvm_refusal(std::string_view text, const OpenOptions& options = {}) {
  return test::refusal([&] { return read_libsvm_text(text, options); });
}

bool recognises_libsvm(std::string_view text) {
  const test::Scratch scratch;
  const AsCandidate candidate(scratch.file("set", text));
  return libsvm_reader.recognises(candidate);
}

std::vector<float> row(const Dataset& data, std::size_t i) {
  std::vector<float> cells(data.features());
  data.copy_row(i, cells);
  return cells;
}

TEST(Libsvm, WhatIsNotWrittenIsZero) {
  const Source source = read_libsvm_text("+1 1:0.5 3:-2\n-1 2:1e3\n+1\n");
  EXPECT_EQ(source.format, "libsvm");
  EXPECT_EQ(source.train.cells(), CellType::f32);
  EXPECT_THAT(row(source.train, 0), ElementsAre(0.5F, 0, -2));
  EXPECT_THAT(row(source.train, 1), ElementsAre(0, 1000, 0));
  EXPECT_THAT(row(source.train, 2), ElementsAre(0, 0, 0));
  EXPECT_THAT(source.train.labels(), ElementsAre(1, 0, 1));
  EXPECT_THAT(source.train.class_names(), ElementsAre("-1", "1"));
}

TEST(Libsvm, NumbersBelowTheLeastNormalFloatAreZeroAndThatIsSaid) {
  const Source source = read_libsvm_text("+1 1:1e-40 2:-1e-500 3:1\n-1 1:0.0 2:2 3:-1e-45\n");
  EXPECT_THAT(row(source.train, 0), ElementsAre(0, 0, 1));
  EXPECT_THAT(source.notes, testing::Contains("3 cells are smaller in size than 1.2e-38, and read "
                                              "as 0"));
}

TEST(Libsvm, CommentsBlanksLineEndsAndPackingMakeNoDifference) {
  const test::Scratch scratch;
  for (const char* text : {"1 1:1 2:2\n2 2:3\n", "# made by hand\n1 1:1 2:2 # first\n\n2 2:3",
                           "1\t1:1  2:2 \r\n2 2:3\r\n",
                           "\xEF\xBB\xBF"
                           "1 1:1 2:2\n \n2 2:3\n#\n\n"}) {
    for (const bool packed : {false, true}) {
      const Source source = read_libsvm(packed ? test::write_gzip(scratch / "set.gz", text)
                                               : scratch.file("set", text));
      EXPECT_THAT(row(source.train, 0), ElementsAre(1, 2)) << text;
      EXPECT_THAT(row(source.train, 1), ElementsAre(0, 3)) << text;
    }
  }
}

TEST(Libsvm, IndicesCountFromZeroWhereAZeroOccursElseFromOneAndItIsSaid) {
  const Source from_zero = read_libsvm_text("1 1:5\n2 0:7\n");
  EXPECT_THAT(row(from_zero.train, 0), ElementsAre(0, 5));
  EXPECT_THAT(from_zero.notes, ElementsAre("indices count from 0, as an index 0 occurs",
                                           "the largest index, 1, is the last feature"));
  const Source from_one = read_libsvm_text("1 1:5\n2 2:7\n");
  EXPECT_THAT(row(from_one.train, 0), ElementsAre(5, 0));
  EXPECT_THAT(from_one.notes, ElementsAre("indices count from 1, as no index 0 occurs",
                                          "the largest index, 2, is the last feature"));
}

TEST(Libsvm, TheBaseAndTheFeaturesAskedForAreKept) {
  const Source source = read_libsvm_text("1 1:5\n2 2:7\n", {.index_base = 0, .features = 5});
  EXPECT_THAT(row(source.train, 1), ElementsAre(0, 0, 7, 0, 0));
  EXPECT_TRUE(source.notes.empty());
  EXPECT_EQ(read_libsvm_text("1\n2\n", {.features = 2}).train.features(), 2U);
  EXPECT_EQ(libsvm_refusal("1 1:5\n2 0:7\n", {.index_base = 1}).where().row, 2U);
  EXPECT_EQ(libsvm_refusal("1 1:5\n", {.index_base = 2}).kind(), ErrorKind::usage);
  const Error beyond = libsvm_refusal("1 1:5\n2 2:7 3:1\n", {.features = 2});
  EXPECT_EQ(beyond.where().row, 2U);
  EXPECT_THAT(beyond.problem(), HasSubstr("'3:1' lies beyond the 2 features"));
}

TEST(Libsvm, LabelsAreWholeNumbersOrNames) {
  EXPECT_THAT(read_libsvm_text("10.0 1:1\n2 1:1\n2.0 1:1\n").train.class_names(),
              ElementsAre("2", "10"));
  EXPECT_THAT(read_libsvm_text("cat 1:1\nbird 1:1\n").train.labels(), ElementsAre(1, 0));
  for (const char* text : {"0.37 1:1\n", "nan 1:1\n", "-1e99 1:1\n"})
    EXPECT_THAT(libsvm_refusal(text).problem(), HasSubstr("no whole one")) << text;
}

TEST(Libsvm, WhatIsNotALabelWithPairsIsNamedWithRowAndToken) {
  struct Case {
    const char* row;
    const char* says;
  };
  for (const Case& wrong : {Case{"1 1:1 qid:3 2:1", "'qid:3' makes this a ranking file"},
                            Case{"1,3 1:1", "'1,3' is more than one label"},
                            Case{"1:1 2:1", "no label"},
                            Case{"1 2:1 1:1", "index 1 follows 2"},
                            Case{"1 2:1 2:1", "index 2 follows 2"},
                            Case{"1 1:1 2", "'2' is not index:value"},
                            Case{"1 1:", "'1:'"},
                            Case{"1 :1", "':1'"},
                            Case{"1 -1:1", "'-1:1'"},
                            Case{"1 +1:1", "'+1:1'"},
                            Case{"1 1.5:1", "'1.5:1'"},
                            Case{"1 a:1", "'a:1'"},
                            Case{"1 1:a", "'1:a'"},
                            Case{"1 1:1:1", "'1:1:1'"},
                            Case{"1 1:nan", "'1:nan'"},
                            Case{"1 1:-inf", "'1:-inf'"},
                            Case{"1 1:1e999", "'1:1e999'"},
                            Case{"1 1:1e39", "'1:1e39'"},
                            Case{"1 99999999999999999999:1", "'99999999999999999999:1'"},
                            Case{"1 1:\x01\x02", "'1:\\x01\\x02'"}}) {
    const Error error = libsvm_refusal(std::string("1 1:1\n# comment\n") + wrong.row + "\n1 1:1\n");
    EXPECT_EQ(error.kind(), ErrorKind::bad_input) << wrong.row;
    EXPECT_EQ(error.where().row, 3U) << wrong.row;
    EXPECT_THAT(error.problem(), HasSubstr(wrong.says));
    EXPECT_NE(error.advice(), "") << wrong.row;
  }
}

TEST(Libsvm, AnEnormousIndexIsRefusedWithTheFiguresBeforeAnythingIsAllocated) {
  for (const char* index : {"4000000000000", "4611686018427387904", "18446744073709551615"}) {
    const Error error = libsvm_refusal(std::string("1 1:1\n2 ") + index + ":1\n");
    EXPECT_EQ(error.kind(), ErrorKind::not_enough_memory) << index;
    EXPECT_THAT(error.problem(), HasSubstr("a sparse file of 2 rows of ")) << index;
  }
}

TEST(Libsvm, MemoryIsWhatTheDenseCellsTake) {
  const std::string text = "1 1:1\n2 10000:1\n";
  EXPECT_EQ(libsvm_refusal(text, {.memory_limit = 79000}).kind(), ErrorKind::not_enough_memory);
  EXPECT_EQ(read_libsvm_text(text, {.memory_limit = 81000}).train.size(), 2U);
}

TEST(Libsvm, WhatHoldsNoExamplesIsRefused) {
  for (const char* text : {"", "\n\n", "# only a comment\n", "1\n2\n"})
    EXPECT_EQ(libsvm_refusal(text).kind(), ErrorKind::bad_input) << text;
  EXPECT_EQ(libsvm_refusal(std::string("1 1:1\n1 1:\0 2:3\n", 16)).where().row, 2U);
}

TEST(Libsvm, EveryPrefixIsASmallerSetOrAClearError) {
  const std::string whole = "1 1:0.5 2:2 # one\r\n-1 1:1\r\n1 2:3e1\r\n";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const std::string prefix = whole.substr(0, length);
    try {
      const Dataset data = read_libsvm_text(prefix).train;
      EXPECT_TRUE(data.size() <= 3 && !data.empty()) << prefix;
      EXPECT_LE(data.features(), 2U) << prefix;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input) << prefix;
    }
  }
}

TEST(Libsvm, ADirectoryOrAMissingFileIsBadInput) {
  const test::Scratch scratch;
  const auto kind = [](const std::filesystem::path& path) {
    return test::refusal([&path] { return read_libsvm(path); }).kind();
  };
  EXPECT_EQ(kind(scratch.path()), ErrorKind::bad_input);
  EXPECT_EQ(kind(scratch / "missing"), ErrorKind::bad_input);
}

TEST(Libsvm, IsRecognisedByALabelAndAPair) {
  EXPECT_TRUE(recognises_libsvm("# note\n\n1\n1 3:4 5:6\n"));
  EXPECT_TRUE(recognises_libsvm("cat 3:4\r\n"));
  EXPECT_TRUE(recognises_libsvm("1,3 3:4\n"));      // to be refused by name
  EXPECT_TRUE(recognises_libsvm("2 qid:1 3:4\n"));  // likewise
  EXPECT_TRUE(recognises_libsvm("1:2 3:4\n"));      // likewise
  EXPECT_TRUE(recognises_libsvm("1 1:nan\n"));      // likewise
  EXPECT_FALSE(recognises_libsvm(""));
  EXPECT_FALSE(recognises_libsvm("1,2,3\n4,5,6\n"));
  EXPECT_FALSE(recognises_libsvm("12:30:01 started\n"));
  EXPECT_FALSE(recognises_libsvm("1 2 3\n"));
  EXPECT_FALSE(recognises_libsvm("Warning: nothing here\n"));
  EXPECT_FALSE(recognises_libsvm(std::string("1 1:1\0", 6)));
}

}  // namespace
}  // namespace fallline::data
