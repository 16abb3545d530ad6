#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

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

Source read_csv(const std::filesystem::path& path, const OpenOptions& options = {}) {
  const AsCandidate candidate(path);
  return csv_reader.read(candidate, options);
}

Source read_csv_text(std::string_view text, const OpenOptions& options = {}) {
  const test::Scratch scratch;
  return read_csv(scratch.file("set.csv", text), options);
}

Error csv_refusal(std::string_view text, const OpenOptions& options = {}) {
  return test::refusal([&] { return read_csv_text(text, options); });
}

bool recognises_csv(std::string_view name, std::string_view text) {
  const test::Scratch scratch;
  const AsCandidate candidate(scratch.file(name, text));
  return csv_reader.recognises(candidate);
}

std::vector<float> cells(const Dataset& data) {
  std::vector<float> all;
  for (std::size_t i = 0; i < data.size(); ++i)
    for (std::size_t d = 0; d < data.features(); ++d) all.push_back(data.cell(i, d));
  return all;
}

constexpr std::string_view flowers =
    "length,width,species\n"
    "5.1,3.5,setosa\n"
    "7.0,3.2,versicolor\n"
    "4.9,3.0,setosa\n";

TEST(Csv, ATableWithAHeaderIsReadWithItsNames) {
  const Source source = read_csv_text(flowers);
  EXPECT_EQ(source.format, "csv");
  EXPECT_EQ(source.train.size(), 3U);
  EXPECT_EQ(source.train.cells(), CellType::f32);
  EXPECT_THAT(cells(source.train), ElementsAre(5.1F, 3.5F, 7.0F, 3.2F, 4.9F, 3.0F));
  EXPECT_THAT(source.train.labels(), ElementsAre(0, 1, 0));
  EXPECT_THAT(source.train.class_names(), ElementsAre("setosa", "versicolor"));
  EXPECT_THAT(source.train.feature_names(), ElementsAre("length", "width"));
  EXPECT_FALSE(source.train.shape());
}

TEST(Csv, EveryChoiceIsSaid) {
  EXPECT_THAT(read_csv_text(flowers).notes,
              ElementsAre("cells are separated by commas", "the first row is taken as a header",
                          "the label is column 3, 'species', the last"));
  EXPECT_THAT(read_csv_text("1,2,0\n3,4,1\n").notes,
              ElementsAre("cells are separated by commas",
                          "the first row is taken as data, not as a header",
                          "the label is column 3, the last",
                          "every feature is a whole number from 0 to 255, kept as a byte"));
}

TEST(Csv, OfSeveralColumnsThatMayBeTheLabelTheOthersAreNamed) {
  const auto choice = [](const std::string& header, const std::string& row) {
    return read_csv_text(header + "\n" + row + "\n" + row + "\n").notes[2];
  };
  EXPECT_EQ(choice("x,y,z,kind", "1,2,3,a"),
            "the label is column 4, 'kind', the last; not taken: column 2, 'y'");
  EXPECT_EQ(choice("x,y", "1,2"), "the label is column 2, 'y', the last");
  EXPECT_EQ(choice("y,x", "1,2"), "the label is column 1, 'y'; not taken: column 2, 'x'");
  EXPECT_EQ(choice("Survived,Class,age", "0,1,22"),
            "the label is column 2, 'Class'; not taken: column 1, 'Survived' and column 3, 'age'");
  EXPECT_EQ(choice("label,a,target,b", "0,1,2,3"),
            "the label is column 1, 'label'; not taken: column 3, 'target'");
  EXPECT_EQ(choice("label,a,b", "0,1,2"), "the label is column 1, 'label'");
  EXPECT_EQ(choice("species,a,b", "0,1,2"),
            "the label is column 3, 'b', the last; not taken: column 1, 'species'");
}

TEST(Csv, WhatTheCallerChoseIsNotSaidAgain) {
  EXPECT_THAT(read_csv_text(flowers, {.label_column = "species", .header = true}).notes,
              ElementsAre("cells are separated by commas"));
}

TEST(Csv, TabsAndSemicolonsAreRecognised) {
  for (const char* text : {"1.5\t2\ta,b\n3\t4\tc\n", "1.5;2;\"a,b\"\n3;4;c\n"}) {
    const Source source = read_csv_text(text);
    EXPECT_THAT(cells(source.train), ElementsAre(1.5F, 2, 3, 4));
    EXPECT_THAT(source.train.class_names(), ElementsAre("a,b", "c"));
  }
}

TEST(Csv, LineEndsMarksBlanksAndPackingMakeNoDifference) {
  const test::Scratch scratch;
  const std::vector<float> expected{1, 2, 3, 4};
  for (const char* text :
       {"a,b,c\n1,2,x\n3,4,y\n", "a,b,c\r\n1,2,x\r\n3,4,y\r\n", "a,b,c\r1,2,x\r3,4,y\r",
        "\xEF\xBB\xBF"
        "a,b,c\n1,2,x\n3,4,y",
        "a,b,c\n1,2,x\n3,4,y\n\n \n\r\n", "a , b,c\n 1,2 , x\n3,\t4,y \n",
        "\"a\",\"b\",\"c\"\n\"1\",\"2\",\"x\"\n \"3\" ,4,y\n"}) {
    for (const bool packed : {false, true}) {
      const Source source = read_csv(packed ? test::write_gzip(scratch / "set.csv.gz", text)
                                            : scratch.file("set.csv", text));
      EXPECT_EQ(cells(source.train), expected) << text;
      EXPECT_THAT(source.train.class_names(), ElementsAre("x", "y")) << text;
      EXPECT_THAT(source.train.feature_names(), ElementsAre("a", "b")) << text;
    }
  }
}

TEST(Csv, QuotesHoldDelimitersLineEndsAndDoubledQuotes) {
  const Source source = read_csv_text("1,2,\"a, \"\"b\"\"\nc\"\n3,4,\"\"\"\"\n");
  EXPECT_THAT(source.train.class_names(), ElementsAre("\"", "a, \"b\"\nc"));
  EXPECT_EQ(csv_refusal("1,2,\"a\nb\"\n3,oops,c\n").where().row, 3U);
}

TEST(Csv, TheLabelIsTheColumnAskedFor) {
  const char* text = "9,a,1\n8,b,2\n";
  EXPECT_THAT(read_csv_text(text, {.label_column = "2"}).train.class_names(),
              ElementsAre("a", "b"));
  EXPECT_THAT(read_csv_text("a,9,1\nb,8,2\n", {.label_column = "first"}).train.labels(),
              ElementsAre(0, 1));
  EXPECT_THAT(read_csv_text("9,1,a\n8,2,b\n", {.label_column = "last"}).train.class_names(),
              ElementsAre("a", "b"));
  EXPECT_THAT(read_csv_text("u,v,w\n1,x,2\n", {.label_column = "v"}).train.feature_names(),
              ElementsAre("u", "w"));
  const Dataset unlabelled = read_csv_text("1,2\n3,4\n", {.label_column = "none"}).train;
  EXPECT_FALSE(unlabelled.labelled());
  EXPECT_THAT(cells(unlabelled), ElementsAre(1, 2, 3, 4));
}

TEST(Csv, AUsualNameIsTheLabelWhereverItStands) {
  for (const char* name : {"label", "Class", "TARGET", "y"}) {
    const Source source = read_csv_text(std::string("a,") + name + ",b\n1,7,2\n3,8,4\n");
    EXPECT_THAT(source.train.class_names(), ElementsAre("7", "8")) << name;
    EXPECT_THAT(cells(source.train), ElementsAre(1, 2, 3, 4)) << name;
  }
  // A header marked as a comment.
  EXPECT_THAT(read_csv_text("# label,a,b\n7,1,2\n8,3,4\n").train.class_names(),
              ElementsAre("7", "8"));
  // "y" may be a coordinate: the clearer name wins.
  EXPECT_THAT(read_csv_text("x,y,class\n1,2,7\n").train.class_names(), ElementsAre("7"));
}

TEST(Csv, AFirstRowIsAHeaderOnlyWhereItCannotBeAnExample) {
  EXPECT_EQ(read_csv_text("1,2,y\n3,4,n\n").train.size(), 2U);
  EXPECT_EQ(read_csv_text("0,1,label\n3,4,cat\n").train.size(), 1U);
  EXPECT_EQ(read_csv_text("0,1,species\n3,4,5\n").train.size(), 1U);
  EXPECT_EQ(read_csv_text("1,2,cat\n3,4,dog\n").train.size(), 2U);
  EXPECT_EQ(read_csv_text("1,2,cat\n").train.size(), 1U);
  EXPECT_EQ(read_csv_text("1,2,3\n3,4,5\n", {.header = true}).train.size(), 1U);
  EXPECT_EQ(read_csv_text("1,2,3\n3,4,5\n", {.header = false}).train.size(), 2U);
  EXPECT_EQ(csv_refusal("1,?,a\n3,4,b\n").where().row, 1U);
}

TEST(Csv, LabelsAreWholeNumbersOrNames) {
  EXPECT_THAT(read_csv_text("1,-1\n1,+1\n1,1\n").train.labels(), ElementsAre(0, 1, 1));
  EXPECT_THAT(read_csv_text("1,10.0\n1,2.0\n1,2e0\n").train.class_names(), ElementsAre("2", "10"));
  EXPECT_THAT(read_csv_text("1,7\n1,cat\n").train.class_names(), ElementsAre("7", "cat"));
  EXPECT_THAT(read_csv_text("1,\"0.5\"\n1,\"1.0\"\n").train.class_names(),
              ElementsAre("0.5", "1.0"));
  for (const char* text : {"1,0.37\n", "1,nan\n", "1,1e300\n", "1,\n", "1,\"\"\n"}) {
    const Error error = csv_refusal(text, {.header = false});
    EXPECT_EQ(error.kind(), ErrorKind::bad_input) << text;
    EXPECT_EQ(error.where().row, 1U) << text;
    EXPECT_EQ(error.where().column, 2U) << text;
  }
}

TEST(Csv, WholeNumbersUpTo255StayBytesAndAnythingElseMakesFloats) {
  EXPECT_EQ(read_csv_text("0,255,a\n007,1,b\n").train.cells(), CellType::u8);
  for (const char* cell : {"256", "-1", "1.0", "1e2", "-0", "+1", "0001"}) {
    const Dataset data = read_csv_text(std::string("0,255,a\n3,") + cell + ",b\n4,5,a\n").train;
    EXPECT_EQ(data.cells(), CellType::f32) << cell;
    EXPECT_EQ(data.cell(0, 1), 255.0F);
    EXPECT_EQ(data.cell(1, 1), std::stof(cell));
    EXPECT_EQ(data.cell(2, 1), 5.0F);
  }
}

TEST(Csv, NumbersBelowTheLeastNormalFloatAreZeroHoweverSmall) {
  const Source source = read_csv_text(
      "1.2e-38,1e-40,-1e-45,1e-50,1e-348,1.2e-400,-3e-5000,0.0001e-99999999999999999999,0e5,a\n");
  EXPECT_THAT(cells(source.train), ElementsAre(1.2e-38F, 0, 0, 0, 0, 0, 0, 0, 0));
  EXPECT_THAT(source.notes, testing::Contains("7 cells are smaller in size than 1.2e-38, and read "
                                              "as 0"));
  EXPECT_THAT(cells(read_csv_text("0.00000000000001e3,-0.0,a\n").train),
              ElementsAre(1e-11F, -0.0F));
}

TEST(Csv, TheAdviceOnACellNamesWhatItLooksLike) {
  const auto advice = [](const std::string& cell) {
    return csv_refusal("1;2;a\n3;4;b\n5;" + cell + ";a\n").advice();
  };
  for (const auto& [cell, words] : std::initializer_list<std::pair<const char*, const char*>>{
           {"18,900", "thousands: 18900"},
           {"18,900", "18.900, where the comma"},
           {"1,234,567.5", "thousands: 1234567.5"},
           {"-1.234,56", "thousands: -1234.56"},
           {"1 234 567", "thousands: 1234567"},
           {"1'000", "thousands: 1000"},
           {"12\xC2\xA0"
            "345,6",
            "thousands: 12345.6"},
           {"0,5", "a point: 0.5"},
           {"-3,14e-5", "a point: -3.14e-5"},
           {"2024-12-31", "date"},
           {"31/12/2024", "date"},
           {"31.12.2024", "date"},
           {"2024-12-31T10:30:00Z", "date"},
           {"10:30", "date"},
           {"31 Dec 2024", "date"},
           {"12 %", "without '%'"},
           {"$12.50", "without '$'"},
           {"5kg", "without 'kg'"},
           {"0x1F", "in decimal: 31"},
           {"1.5D+03", "with an e: 1.5e+03"},
           {"=A1+2", "formulas"},
           {"#DIV/0!", "has failed"},
           {"true", "1 and 0"},
           {"--", "missing value"},
           {"1|2", "'|'"},
           {"1 2 3", "white space"},
           {"1e999", "too large"},
           {"\xE2\x88\x92"
            "5",
            "minus"},
           {"mauve", "names as numbers"}})
    EXPECT_THAT(advice(cell), HasSubstr(words)) << cell;
}

TEST(Csv, DecimalCommasDoNotHideTheSemicolonsBetweenCells) {
  const Error error = csv_refusal("0,5;1,5;a\n2,5;3,5;b\n");
  EXPECT_THAT(error.advice(), HasSubstr("a point: 0.5"));
  EXPECT_EQ(error.where().column, 1U);
}

TEST(Csv, ATextThatIsNoTableIsToldFromOne) {
  for (const auto& [text, words] : std::initializer_list<std::pair<const char*, const char*>>{
           {"a|b|label\n1|2|x\n3|4|y\n", "separated by '|'"},
           {"1 2 x\n3 4 y\n", "white space"},
           {"a  b\n1.5  2\n3  4.5\n", "white space"},
           {"# made by hand\n1,2,a\n3,4,b\n", "begin with #"},
           {"% made by hand\n1,2,a\n3,4,b\n", "begin with #"},
           {"sep=;\na;b;label\n1;2;x\n3;4;y\n", "remove the line"},
           {"1,2,a\n# a remark\n3,4,b\n", "# or %"},
           {"<!DOCTYPE html>\n<html><body>404</body></html>\n", "web page"},
           {"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n", "Git LFS"},
           {"{\"a\": 1}\n{\"a\": 2}\n", "JSON"},
           {"@relation iris\n@attribute a numeric\n@data\n1,x\n", "ARFF"}}) {
    const Error error = csv_refusal(text);
    EXPECT_EQ(error.kind(), ErrorKind::bad_input) << text;
    EXPECT_THAT(error.advice(), HasSubstr(words)) << text;
  }
  EXPECT_EQ(csv_refusal("a,1\n#remark\nb,2\n", {.label_column = "first"}).where().row, 2U);
  EXPECT_THAT(read_csv_text("#id,b,label\n1,2,x\n3,4,y\n").train.feature_names(),
              ElementsAre("#id", "b"))
      << "a header may begin with it";
}

TEST(Csv, ACellThatIsNoFiniteNumberIsNamedWithItsPlace) {
  for (const char* cell : {"", "NaN", "inf", "-Infinity", "1e999", "3.5e38", "abc", "1.2.3", "0x1F",
                           "?", "NA", "+-1", "1 2", "-", "1e", "\"1,5\""}) {
    const Error error = csv_refusal(std::string("1,2,a\n3,4,b\n5,") + cell + ",a\n");
    EXPECT_EQ(error.kind(), ErrorKind::bad_input) << cell;
    EXPECT_THAT(error.where().file, HasSubstr("set.csv"));
    EXPECT_EQ(error.where().row, 3U) << cell;
    EXPECT_EQ(error.where().column, 2U) << cell;
    EXPECT_NE(error.advice(), "") << cell;
  }
}

TEST(Csv, AStrangeCellIsShownShortenedAndEscaped) {
  const Error strange = csv_refusal("1,2,a\n3,\x1b[31m,b\n");
  EXPECT_THAT(strange.problem(), HasSubstr("'\\x1b[31m'"));
  const Error longest = csv_refusal("1,2,a\n3," + std::string(100000, 'z') + ",b\n");
  EXPECT_LE(longest.problem().size(), 100U);
}

TEST(Csv, ARowOfAnotherLengthIsNamedWithBothCounts) {
  for (const char* row : {"5,6", "5,6,a,7", "5", "5,6,a,"}) {
    const Error error = csv_refusal("1,2,a\n3,4,b\n" + std::string(row) + "\n1,2,a\n");
    EXPECT_EQ(error.where().row, 3U) << row;
    EXPECT_THAT(error.problem(), HasSubstr("where the first row has 3")) << row;
  }
}

TEST(Csv, AnEmptyLineBetweenRowsIsNamed) {
  EXPECT_EQ(csv_refusal("1,2,a\n\n3,4,b\n").where().row, 2U);
}

TEST(Csv, WhatHoldsNoRowsIsRefused) {
  for (const char* text : {"", "\n\n", "\xEF\xBB\xBF", "a,b,c\n", "a,b,c", ","})
    EXPECT_EQ(csv_refusal(text).kind(), ErrorKind::bad_input) << text;
}

TEST(Csv, QuotesThatDoNotEndOrAreFollowedByTextAreNamed) {
  EXPECT_EQ(csv_refusal("1,2,a\n3,4,\"b\n5,6,a\n").where().row, 2U);
  EXPECT_EQ(csv_refusal("1,2,a\n3,4,\"b\"c\n").where().row, 2U);
}

TEST(Csv, AZeroByteIsNamedWithItsPlace) {
  const Error error = csv_refusal(std::string("1,2,a\n3,4\0,b\n", 13));
  EXPECT_EQ(error.where().row, 2U);
  EXPECT_EQ(error.where().byte, 9U);
}

TEST(Csv, AnOptionThatNamesNoColumnIsAUsageError) {
  for (const char* column : {"0", "4", "99999999999999999999", "colour"})
    EXPECT_EQ(csv_refusal(flowers, {.label_column = column}).kind(), ErrorKind::usage) << column;
  EXPECT_EQ(csv_refusal("1,2\n", {.label_column = "colour"}).kind(), ErrorKind::usage);
  EXPECT_EQ(csv_refusal("a,a,b\n1,2,3\n", {.label_column = "a"}).kind(), ErrorKind::usage);
  EXPECT_EQ(csv_refusal("1\n2\n").kind(), ErrorKind::bad_input);  // a label without features
}

TEST(Csv, EveryPrefixIsASmallerSetOrAClearError) {
  const std::string whole = "u,v,name\r\n10,2.5,\"a \"\"b\"\"\"\r\n30,4,c\r\n5,66,d\r\n";
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const std::string prefix = whole.substr(0, length);
    try {
      const Dataset data = read_csv_text(prefix).train;
      EXPECT_TRUE(data.size() <= 3 && !data.empty()) << prefix;
      EXPECT_EQ(data.features(), 2U) << prefix;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input) << prefix;
    }
  }
  EXPECT_EQ(read_csv_text(whole).train.size(), 3U);
}

TEST(Csv, MemoryIsAskedForBeforeItIsTaken) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "1,2,3,4,5,6,7,8,9,a\n";
  EXPECT_EQ(csv_refusal(text, {.memory_limit = 30000}).kind(), ErrorKind::not_enough_memory);
  EXPECT_EQ(read_csv_text(text, {.memory_limit = 50000}).train.size(), 1000U);
  // The first fraction makes bytes floats, which need more.
  EXPECT_EQ(csv_refusal(text + "1,2,3,4,5,6,7,8,.5,a\n", {.memory_limit = 50000}).kind(),
            ErrorKind::not_enough_memory);
}

TEST(Csv, AVeryLongLineIsJustARow) {
  constexpr std::size_t features = 200000;
  std::string row;
  for (std::size_t d = 0; d < features; ++d) row += "7,";
  EXPECT_EQ(read_csv_text(row + "a\n" + row + "b\n").train.features(), features);
  EXPECT_EQ(csv_refusal(row + "a\n" + row + "8,b\n").where().row, 2U);
}

TEST(Csv, APlaceThatCannotBeReadIsBadInput) {
  const test::Scratch scratch;
  const auto kind = [](const std::filesystem::path& path) {
    return test::refusal([&path] { return read_csv(path); }).kind();
  };
  EXPECT_EQ(kind(scratch.path()), ErrorKind::bad_input);
  EXPECT_EQ(kind(scratch / "missing.csv"), ErrorKind::bad_input);
  const auto closed = scratch.file("closed.csv", flowers);
  ::chmod(closed.c_str(), 0);
  if (::access(closed.c_str(), R_OK) != 0) {  // root may read everything
    EXPECT_EQ(kind(closed), ErrorKind::bad_input);
  }
}

TEST(Csv, AGzippedFileCutShortIsRefused) {
  const test::Scratch scratch;
  const std::string whole = test::content(test::write_gzip(scratch / "w.csv.gz", flowers));
  const auto cut = scratch.file("cut.csv.gz", whole.substr(0, whole.size() - 9));
  EXPECT_EQ(test::refusal([&cut] { return read_csv(cut); }).kind(), ErrorKind::bad_input);
}

TEST(Csv, IsRecognisedByItsContentsOrTextByItsName) {
  EXPECT_TRUE(recognises_csv("set.txt", flowers));
  EXPECT_TRUE(recognises_csv("set", "1\t2\n3\t4\n"));
  EXPECT_TRUE(recognises_csv("set.csv", ""));
  EXPECT_TRUE(recognises_csv("set.csv", "a\nb,c\n"));
  EXPECT_FALSE(recognises_csv("set", ""));
  EXPECT_FALSE(recognises_csv("set", "Dear reader,\nthis is a letter, not a table.\n"));
  EXPECT_FALSE(recognises_csv("set", "1 2 3\n4 5 6\n"));
  EXPECT_FALSE(recognises_csv("set.csv", std::string("1,2\n\0,\1", 7)));
  const test::Scratch scratch;
  const AsCandidate directory(scratch.path());
  EXPECT_FALSE(csv_reader.recognises(directory));
}

}  // namespace
}  // namespace fallline::data
