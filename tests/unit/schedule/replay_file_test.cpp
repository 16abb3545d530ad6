#include <gtest/gtest.h>

#include <fallline/error.hpp>
#include <fallline/schedule/compose.hpp>
#include <fallline/schedule/replay.hpp>
#include <fallline/schedule/text.hpp>
#include <string>
#include <vector>

#include "support/gzip.hpp"
#include "support/hostile.hpp"
#include "support/reading.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline::schedule {
namespace {

using Changes = std::vector<RateChange>;

Replay reading(std::string_view text) {
  const test::Scratch scratch;
  return read_replay(scratch.file("record", text));
}

TEST(ReplayFile, AHistoryIsReadIntoTheChangesOfItsRate) {
  EXPECT_EQ(reading(R"({"step":1,"epoch":1,"loss":2.5,"rate":0.5}
{"step":2,"epoch":1,"loss":null,"rate":0.5,"finite":false}
{"step":3,"rate":1e-3,"epoch":2}
)")
                .changes,
            (Changes{{1, 0.5}, {3, 0.001}}));
}

TEST(ReplayFile, ColumnsAreFoundByNameAndLineEndsMayBeAny) {
  EXPECT_EQ(reading("step,rate\n1,0.5\n10,0.25").changes, (Changes{{1, 0.5}, {10, 0.25}}));
  EXPECT_EQ(reading("rate,\"epoch\", step\r\n0.5,1,2\r\n0,1,3\r\n").changes,
            (Changes{{2, 0.5}, {3, 0}}));
}

TEST(ReplayFile, EveryNameOfAFileReadsBackFromTheTextOfTheSchedule) {
  const test::Scratch scratch;
  for (std::string name : test::hostile_texts()) {
    std::erase(name, '/');
    if (name.empty() || name.size() > 255) continue;
    const auto file = scratch.file(name, "step,rate\n4,0.5\n");
    const Schedule schedule = read_replay(file);
    const Schedule first = lasting(schedule, {.steps = 9});
    const std::string text = then(first, schedule).text();
    const Schedule again = parse_schedule(text);
    EXPECT_EQ(again.text(), text);
    ASSERT_NE(again.target<Then>(), nullptr) << text;
    EXPECT_EQ(again.target<Then>()->second.target<Replay>()->file, file.string()) << text;
  }
}

TEST(ReplayFile, MayBeGzippedAndIsKnownByItsAbsolutePath) {
  const test::Scratch scratch;
  (void)test::write_gzip(scratch / "record.gz", "step,rate\n4,0.5\n");
  EXPECT_EQ(read_replay(scratch / "record.gz").changes, (Changes{{4, 0.5}}));
  EXPECT_EQ(read_replay(scratch / "record.gz").file, (scratch / "record.gz").string());
}

void expect_refused(std::string_view text, std::optional<std::uint64_t> row,
                    const std::string& problem) {
  const Error error = test::refusal([&] { return reading(text); });
  EXPECT_EQ(error.kind(), ErrorKind::bad_input) << text;
  EXPECT_NE(error.where().file.find("record"), std::string::npos) << error.what();
  EXPECT_EQ(error.where().row, row) << error.what();
  EXPECT_NE(error.problem().find(problem), std::string::npos) << error.what();
}

TEST(ReplayFile, WhatIsWrongIsNamedByFileAndRow) {
  expect_refused("", std::nullopt, "is empty");
  expect_refused("step,rate\n", std::nullopt, "holds no steps");
  expect_refused("\n\n", 1, "does not name the columns step and rate");
  expect_refused("1,0.5\n2,0.25\n", 1, "does not name the columns step and rate");
  expect_refused("step,loss\n1,0.5\n", 1, "does not name the columns step and rate");
  expect_refused("step,rate\n1,0.5\n2\n", 3, "1 cells, where the first row has 2");
  expect_refused("step,rate\n1,0.5,7\n", 2, "3 cells, where the first row has 2");
  expect_refused("step,rate\n1,\n", 2, "the rate is ''");
  expect_refused("step,rate\n1,fast\n", 2, "the rate is 'fast'");
  expect_refused("step,rate\n-1,0.5\n", 2, "the step is '-1'");
  expect_refused("step,rate\n0,0.5\n", 2, "step 0 does not follow");
  expect_refused("step,rate\n2,0.5\n2,0.25\n", 3, "step 2 does not follow step 2");
  expect_refused("step,rate\n1,nan\n", 2, "the rate is nan");
  expect_refused("step,rate\n1,-0.5\n", 2, "the rate is -0.5");
  expect_refused("step,rate\n1,1e999\n", 2, "the rate is '1e999'");
  expect_refused(std::string_view("step,rate\n1,\0\n", 13), 2, "zero byte");
}

TEST(ReplayFile, ALineThatIsNoStepOfAHistoryIsNamed) {
  const std::string good = "{\"step\":1,\"rate\":0.5}\n";
  expect_refused(good + "{\"step\":2,\"ra", 2, "is not a JSON object");
  expect_refused(good + "\n" + good, 2, "is not a JSON object");
  expect_refused(good + "[2,0.5]\n", 2, "is not a JSON object");
  expect_refused(good + "{\"rate\":0.5}\n", 2, "has no step");
  expect_refused(good + "{\"step\":-2,\"rate\":0.5}\n", 2, "has no step");
  expect_refused(good + "{\"step\":2.5,\"rate\":0.5}\n", 2, "has no step");
  expect_refused(good + "{\"step\":2}\n", 2, "has no rate");
  expect_refused(good + "{\"step\":2,\"rate\":null}\n", 2, "has no rate");
  expect_refused(good + "{\"step\":2,\"rate\":-1}\n", 2, "the rate is -1");
  expect_refused(good + good, 2, "step 1 does not follow step 1");
}

TEST(ReplayFile, CutShortAnywhereInItsFirstStepItIsRefused) {
  test::expect_every_prefix_refused("{\"step\":1,\"rate\":0.5}",
                                    [](std::string_view text) { (void)reading(text); });
  test::expect_every_prefix_refused("step,rate\n1,",
                                    [](std::string_view text) { (void)reading(text); });
}

TEST(ReplayFile, WhatIsNoFileIsNamed) {
  const test::Scratch scratch;
  for (const auto& path : {scratch / "not-there", scratch.path()})
    EXPECT_EQ(test::refusal([&] { return read_replay(path); }).kind(), ErrorKind::bad_input);
}

}  // namespace
}  // namespace fallline::schedule
