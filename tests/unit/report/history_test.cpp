#include "report/history.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline::report {
namespace {

std::string lines(std::size_t n) {
  std::string text;
  for (std::size_t i = 1; i <= n; ++i)
    text += fmt::format("{{\"step\":{},\"epoch\":1,\"loss\":{}}}\n", i, i % 10);
  return text;
}

TEST(ReportHistory, EveryLineOfAShortOneIsThere) {
  const test::Scratch scratch;
  const Json json = columns_of(scratch.file("history.jsonl", lines(5)));
  EXPECT_EQ(json["lines"], 5);
  EXPECT_EQ(json["block"], 1);
  EXPECT_EQ(json["x"]["step"], Json({1, 2, 3, 4, 5}));
  ASSERT_EQ(json["series"].size(), 1U) << "counters are no series";
  EXPECT_EQ(json["series"][0]["key"], "loss");
  EXPECT_EQ(json["series"][0]["value"], Json({1, 2, 3, 4, 5}));
}

TEST(ReportHistory, ALongOneKeepsLeastAndGreatestOfEveryBlockAndItsMean) {
  const test::Scratch scratch;
  std::string text = lines(10'000);
  // One value that no thinning may lose.
  text += "{\"step\":10001,\"epoch\":1,\"loss\":1e6}\n";
  const Json json = columns_of(scratch.file("history.jsonl", text));
  EXPECT_EQ(json["lines"], 10'001);
  EXPECT_EQ(json["block"], 6) << "ceil(10001 / 2000)";
  const Json& loss = json["series"][0];
  EXPECT_EQ(loss["mean"].size(), 1667U);
  EXPECT_EQ(json["x"]["step"].size(), 1667U);
  EXPECT_EQ(json["x"]["step"][0], 6) << "the last line of the block";
  EXPECT_EQ(json["x"]["step"].back(), 10'001);
  EXPECT_EQ(loss["mean"][0], 3.5);
  EXPECT_EQ(loss["low"][0], 1);
  EXPECT_EQ(loss["high"][0], 6);
  EXPECT_EQ(loss["high"].back(), 1e6);
}

TEST(ReportHistory, WhatIsNotFiniteIsNullAndNoPartOfAMean) {
  const test::Scratch scratch;
  const Json shown = columns_of(
      scratch.file("a", "{\"step\":1,\"loss\":2}\n{\"step\":2,\"loss\":null,\"finite\":false}\n"));
  EXPECT_EQ(shown["series"][0]["value"], Json({2, nullptr}));
  EXPECT_EQ(shown["series"].size(), 1U);
  std::string text;
  for (int i = 0; i < 4001; ++i) text += i % 2 == 0 ? "{\"loss\":2}\n" : "{\"loss\":null}\n";
  const Json blocks = columns_of(scratch.file("b", text));
  EXPECT_EQ(blocks["series"][0]["mean"][0], 2);
}

TEST(ReportHistory, LayersAreSeriesOfTheirOwnAlsoWhereTheyComeLate) {
  const test::Scratch scratch;
  const Json json = columns_of(scratch.file(
      "history.jsonl",
      "{\"step\":1,\"loss\":3}\n"
      "{\"step\":2,\"loss\":2,\"layers\":[{\"name\":\"dense 1\",\"gradient_norm\":4,\"dead\":0.5},"
      "{\"name\":\"dense 2\",\"gradient_norm\":5}]}\n"));
  ASSERT_EQ(json["series"].size(), 4U);
  EXPECT_EQ(json["series"][2]["layer"], "dense 1");
  EXPECT_EQ(json["series"][3]["value"], Json({nullptr, 5}));
}

TEST(ReportHistory, AnEmptyOneHasNoSeries) {
  const test::Scratch scratch;
  const Json json = columns_of(scratch.file("history.jsonl", ""));
  EXPECT_EQ(json["lines"], 0);
  EXPECT_TRUE(json["series"].empty());
}

TEST(ReportHistory, ALastLineThatIsStillBeingWrittenIsLeftOutAndADamagedOneIsRefused) {
  const test::Scratch scratch;
  const Json json =
      columns_of(scratch.file("history.jsonl.partial", lines(3) + "{\"step\":4,\"lo"));
  EXPECT_EQ(json["lines"], 3);
  const auto damaged = scratch.file("history.jsonl", lines(2) + "{\"step\":\n" + lines(1));
  const Error error = test::refusal([&] { return columns_of(damaged); });
  EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  EXPECT_EQ(error.where().row, 3U);
}

}  // namespace
}  // namespace fallline::report
