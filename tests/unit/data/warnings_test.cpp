#include <gtest/gtest.h>

#include <fallline/data/parts.hpp>
#include <fallline/data/warnings.hpp>
#include <string>

#include "support/scratch.hpp"

namespace fallline {
namespace {

/// What is said of a CSV file with a header and `n` rows, all in one line.
template <class Row>
std::string said(const std::string& header, int n, Row row) {
  const test::Scratch scratch;
  std::string text = header + "\n";
  for (int i = 0; i < n; ++i) text += row(i) + "\n";
  const Source source = open(scratch.file("x.csv", text), {.header = true});
  std::string all;
  for (const std::string& one : warnings_of(source)) all += one + "\n";
  if (source.train.classes() > 1) {
    EXPECT_EQ(divide(source).warnings, warnings_of(source));
  }
  return all;
}

std::string digits(int i) { return std::to_string(i); }
/// Neither a row's number nor constant.
std::string unrelated(int i) { return std::to_string(i * 37 % 11) + ".5"; }

bool asks_of_a_regression(const std::string& text) {
  return text.find("regression") != std::string::npos;
}

TEST(Warnings, NumbersOfWhichHardlyTwoAreAlikeAreAQuantity) {
  const auto prices = [](int distinct) {
    return [distinct](int i) { return unrelated(i) + "," + digits(50'000 + 17 * (i % distinct)); };
  };
  const std::string text = said("a,price", 200, prices(197));
  EXPECT_TRUE(asks_of_a_regression(text)) << text;
  EXPECT_NE(text.find("200 examples have 197 classes"), std::string::npos) << text;
  EXPECT_TRUE(asks_of_a_regression(said("a,price", 200, prices(101)))) << "more than half";
  EXPECT_TRUE(asks_of_a_regression(said("a,price", 200, prices(25)))) << "eight rows each";
  EXPECT_TRUE(asks_of_a_regression(said("a,price", 12, prices(7))));
  EXPECT_EQ(said("a,price", 200, prices(20)), "") << "ten rows each";
  EXPECT_EQ(said("a,price", 30, prices(15)), "") << "half, and few";
  EXPECT_EQ(said("a,price", 6, prices(5)), "") << "too few to say";
}

TEST(Warnings, NamesOfWhichHardlyTwoAreAlikeAreNoLabel) {
  const auto people = [](int i) { return unrelated(i) + ",person" + digits(i % 30); };
  const std::string text = said("a,name", 40, people);
  EXPECT_NE(text.find("label's column"), std::string::npos) << text;
  EXPECT_FALSE(asks_of_a_regression(text)) << text;
  EXPECT_EQ(said("a,name", 90, people), "") << "three of each may be what there is";
}

TEST(Warnings, AColumnThatCountsTheRowsIsAskedAbout) {
  for (const char* first : {"", "index", "ID", "Unnamed: 0", "PassengerId"})
    for (const int base : {0, 1}) {
      const std::string text = said(std::string(first) + ",a,label", 300, [base](int i) {
        return digits(i + base) + "," + unrelated(i) + "," + (i % 3 == 0 ? "x" : "y");
      });
      EXPECT_NE(text.find("row index"), std::string::npos) << first << text;
      EXPECT_NE(text.find("feature 1"), std::string::npos) << text;
      EXPECT_NE(text.find(base == 0 ? "0, 1, 2" : "1, 2, 3"), std::string::npos) << text;
    }
}

TEST(Warnings, OfFewRowsOnlyAnIndexByNameIsOne) {
  const auto counting = [](int i) {
    return digits(i) + "," + unrelated(i) + "," + (i % 3 == 0 ? "x" : "y");
  };
  EXPECT_NE(said("id,a,label", 5, counting).find("row index"), std::string::npos);
  EXPECT_EQ(said("dose,a,label", 5, counting), "");
}

TEST(Warnings, AColumnThatCountsOtherwiseIsNone) {
  for (const int period : {7, 299})
    EXPECT_EQ(said("id,a,label", 300,
                   [period](int i) {
                     return digits(i % period) + "," + unrelated(i) + "," +
                            (i % 3 == 0 ? "x" : "y");
                   }),
              "");
  EXPECT_EQ(said("year,a,label", 30,
                 [](int i) {
                   return digits(1990 + i) + "," + unrelated(i) + "," + (i % 3 == 0 ? "x" : "y");
                 }),
            "");
}

}  // namespace
}  // namespace fallline
