#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fallline/data/series.hpp>
#include <fallline/error.hpp>
#include <string>

#include "support/gzip.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Series parse(std::string_view text, const SeriesOptions& options = {}) {
  return parse_series(text, "input", options);
}

Error series_refusal(std::string_view text, const SeriesOptions& options = {}) {
  return test::refusal([&] { return parse(text, options); });
}

TEST(Series, IsTheLastColumnWithNumbersAndSaysSo) {
  const Series series = parse(
      "date,low,high,sky\n"
      "1981-01-01,20.5,31,\"clear, cold\"\n"
      "1981-01-02,-1.5,1e2,\"\"\n");
  EXPECT_THAT(series.values, ElementsAre(31, 100));
  EXPECT_EQ(series.name, "high");
  EXPECT_THAT(series.notes, Contains("the series is column 3, 'high', the last with numbers"));
}

TEST(Series, IsReadWithOrWithoutHeaderQuotesTabsAndMarks) {
  for (const char* text :
       {"40\n41.5\n-3\n", "40\r\n41.5\r\n-3", "temperature\n40\n41.5\n-3\n",
        "a\tb\nx\t40\ny\t41.5\nz\t-3\n", "x;\"40\"\ny;\"41.5\"\nz;-3\n\n", "1,40\n2,+41.5\n3,-3\n",
        "\xEF\xBB\xBFx, 40 \n\"y\"\"\ny\",41.5\nz,-3\n"})
    EXPECT_THAT(parse(text).values, ElementsAre(40, 41.5, -3)) << text;
}

TEST(Series, OneValueIsASeries) {
  for (const char* text : {"7", "7\n", "day,t\n1,7\n"})
    EXPECT_THAT(parse(text).values, ElementsAre(7)) << text;
}

TEST(Series, NumbersAreReadInDoublePrecision) {
  EXPECT_THAT(parse("0.1\n1700000000.25\n1e300\n1e-400\n5e-324\n").values,
              ElementsAre(0.1, 1700000000.25, 1e300, 0, 5e-324));
}

TEST(Series, TheColumnIsTheOneAskedForByNameOrNumber) {
  const std::string_view text = "day,low,high\n1,2,3\n4,5,6\n";
  EXPECT_THAT(parse(text, {.column = "low"}).values, ElementsAre(2, 5));
  EXPECT_THAT(parse(text, {.column = "1"}).values, ElementsAre(1, 4));
  EXPECT_THAT(parse("1,2\n3,4\n", {.column = "1", .header = true}).values, ElementsAre(3));
  for (const char* column : {"middle", "0", "4", "99999999999999999999"})
    EXPECT_EQ(series_refusal(text, {.column = column}).kind(), ErrorKind::usage) << column;
  EXPECT_EQ(series_refusal("1,2\n", {.column = "low"}).kind(), ErrorKind::usage);
  EXPECT_EQ(series_refusal("a,a\n1,2\n", {.column = "a"}).kind(), ErrorKind::usage);
}

TEST(Series, ACellThatIsNoFiniteNumberIsNamedWithItsPlaceAndWhatToDo) {
  for (const char* cell : {"oops", "1.2.3", "", "NA", "?", "nan", "inf", "-inf", "1e400", "\"1,5\"",
                           "0x10", "12 C", "\xFF"}) {
    const Error error = series_refusal("day,t\n1,20\n2," + std::string(cell) + "\n3,21\n");
    EXPECT_EQ(error.kind(), ErrorKind::bad_input) << cell;
    EXPECT_EQ(error.where().file, "input") << cell;
    EXPECT_EQ(error.where().row, 3U) << cell;
    EXPECT_EQ(error.where().column, 2U) << cell;
    EXPECT_NE(error.advice(), "") << cell;
  }
  EXPECT_THAT(series_refusal("t\n1\noops\n").problem(), HasSubstr("'oops' is not a number"));
}

TEST(Series, AMissingValueIsPassedOverWhereThatIsAskedFor) {
  const SeriesOptions skip{.skip_missing = true};
  const Series series = parse("day,t\n1,NA\n2,20\n3,\n4,nan\n5,21\n", skip);
  ASSERT_EQ(series.values.size(), 5U);
  EXPECT_TRUE(std::isnan(series.values[0]));
  EXPECT_EQ(series.values[1], 20);
  EXPECT_EQ(series.missing, 3U);
  EXPECT_THAT(series.notes, Contains("3 of 5 values missing and passed over"));
  EXPECT_EQ(series_refusal("t\n1\ninf\n", skip).where().row, 3U) << "infinity is not missing";
  EXPECT_EQ(series_refusal("1\noops\n", skip).where().row, 2U);
  EXPECT_THAT(
      series_refusal("t\nNA\nNA\n", {.column = "t", .header = true, .skip_missing = true}).what(),
      HasSubstr("every one is missing"));
}

TEST(Series, ATableThatIsNoneIsRefusedWithItsPlace) {
  EXPECT_EQ(series_refusal("1,2\n3\n").where().row, 2U);
  EXPECT_EQ(series_refusal("1,2\n3,4,5\n").where().row, 2U);
  EXPECT_EQ(series_refusal("1\n\n2\n").where().row, 2U);
  EXPECT_EQ(series_refusal("1\n\"2\n").where().row, 2U);
  EXPECT_EQ(series_refusal(std::string_view("1\n2\0\n", 5)).where().row, 2U);
  for (const char* text :
       {"", "\n\n", "\xEF\xBB\xBF", "day,t\n", "a,b\nc,d\n", "1 2\n3 4\n", "?\n"})
    EXPECT_EQ(series_refusal(text).kind(), ErrorKind::bad_input) << text;
}

TEST(Series, OfJsonLinesIsTheLossOrTheKeyAskedForAndNullIsMissing) {
  const std::string_view text =
      "{\"step\":1,\"loss\":2.5,\"rate\":0.1}\n\n"
      "{\"step\":2,\"loss\":null,\"rate\":0.1,\"finite\":false}\r\n";
  const Series series = parse(text);
  ASSERT_EQ(series.values.size(), 2U);
  EXPECT_EQ(series.name, "loss");
  EXPECT_EQ(series.values[0], 2.5);
  EXPECT_TRUE(std::isnan(series.values[1]));
  EXPECT_EQ(series.missing, 1U);
  EXPECT_THAT(parse(text, {.column = "step"}).values, ElementsAre(1, 2));
  const Error error = series_refusal(text, {.column = "lost"});
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_THAT(error.advice(), HasSubstr("'loss'"));
}

TEST(Series, AJsonLineThatIsWrongIsNamedByItsRow) {
  const std::string good = "{\"loss\":1}\n";
  for (const char* line : {"{\"loss\":", "{\"loss\":true}", "{\"loss\":\"1\"}", "{\"cost\":1}", "7",
                           "[1]", "{\"loss\":1} 2", "{\"loss\":NaN}", "{\"loss\":1e400}"}) {
    const Error error = series_refusal(good + line + "\n" + good);
    EXPECT_EQ(error.kind(), ErrorKind::bad_input) << line;
    EXPECT_EQ(error.where().row, 2U) << line;
    EXPECT_NE(error.advice(), "") << line;
  }
  EXPECT_THAT(series_refusal("{\"cost\":1}\n").advice(), HasSubstr("'cost'"));
  EXPECT_THAT(series_refusal("{\"loss\":null}\n").problem(), HasSubstr("missing"));
  EXPECT_EQ(series_refusal(std::string(100'000, '{')).kind(), ErrorKind::bad_input);
}

TEST(Series, ADirectoryStandsForTheHistoryOfTheRunInItAlsoWhileItIsWritten) {
  const test::Scratch scratch;
  const auto error = test::refusal([&] { return read_series(scratch.path()); });
  EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  EXPECT_THAT(error.problem(), HasSubstr("history.jsonl"));
  (void)scratch.file("history.jsonl.partial", "{\"loss\":1}\n{\"loss\":2}\n{\"lo");
  EXPECT_THAT(read_series(scratch.path()).values, ElementsAre(1, 2));
  (void)scratch.file("history.jsonl", "{\"loss\":3}\n");
  EXPECT_THAT(read_series(scratch.path()).values, ElementsAre(3));
  (void)scratch.file("history.jsonl", "{\"loss\":3}\n{\"lo");
  EXPECT_EQ(test::refusal([&] { return read_series(scratch.path()); }).where().row, 2U)
      << "a complete file has no such end";
}

TEST(Series, AFileIsReadPlainOrGzippedAndOneThatCannotBeReadIsNamed) {
  const test::Scratch scratch;
  EXPECT_THAT(read_series(test::write_gzip(scratch / "t.csv.gz", "t\n1\n2\n")).values,
              ElementsAre(1, 2));
  for (const char* path : {"not-there", "", "/dev/null"})
    EXPECT_EQ(test::refusal([&] { return read_series(path); }).kind(), ErrorKind::bad_input)
        << path;
}

TEST(Series, MemoryIsAskedForBeforeItIsTaken) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "1\n";
  EXPECT_EQ(parse(text, {.memory_limit = 12'000}).values.size(), 1000U);
  EXPECT_EQ(series_refusal(text, {.memory_limit = 9'000}).kind(), ErrorKind::not_enough_memory);
}

TEST(Series, EveryPrefixIsAShorterSeriesOrAClearError) {
  const std::string_view whole = "date,\"high, F\"\n1981-01-01,\"40\"\n1981-01-02,41.25\n";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    try {
      EXPECT_LE(parse(whole.substr(0, length)).values.size(), 2U);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input) << length << error.what();
      EXPECT_EQ(error.where().file, "input") << length;
    }
  }
}

}  // namespace
}  // namespace fallline
