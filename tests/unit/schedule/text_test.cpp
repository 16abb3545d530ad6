#include <gtest/gtest.h>

#include <fallline/error.hpp>
#include <fallline/schedule/compose.hpp>
#include <fallline/schedule/cosine.hpp>
#include <fallline/schedule/plateau.hpp>
#include <fallline/schedule/preview.hpp>
#include <fallline/schedule/replay.hpp>
#include <fallline/schedule/staircase.hpp>
#include <fallline/schedule/text.hpp>
#include <fallline/schedule/warm_up.hpp>
#include <limits>
#include <string>
#include <vector>

#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

std::vector<double> rates(const Schedule& s) {
  std::vector<double> all;
  preview(s, {.steps_per_epoch = 7}, [&](const RatePoint& p) { all.push_back(p.rate); });
  return all;
}

TEST(ScheduleText, IsReadIntoTheRuleItNames) {
  EXPECT_EQ(parse_schedule("cosine:final=0.25").target<schedule::Cosine>()->final, 0.25);
  EXPECT_EQ(parse_schedule("cosine").target<schedule::Cosine>()->final, schedule::Cosine{}.final);
  EXPECT_EQ(parse_schedule("staircase:at=30/60").target<schedule::Staircase>()->at,
            (std::vector<std::uint64_t>{30, 60}));
  EXPECT_EQ(parse_schedule(" plateau : patience = 4 , factor=1e-1 ").text(),
            "plateau:factor=0.1,patience=4,threshold=0.0001");
}

TEST(ScheduleText, WrittenAndReadAgainIsTheSame) {
  for (const char* text :
       {"constant", "inverse-time:r=0.1", "exponential:base=0.97", "inverse-sqrt-epoch:k=2",
        "inverse-sqrt-step:k=0.30000000000000004", "staircase:every=10,factor=0.5",
        "staircase:at=30/60,factor=0.1", "cosine:final=1e-05", "cosine:final=0,epochs=3",
        "one-cycle:start=0.1,cycle=0.9,final=0.001", "warmup:start=0,steps=500",
        "plateau:factor=0.5,patience=3,threshold=0.0001", "constant:steps=5",
        "warmup:start=0,steps=5 then constant:epochs=2 then exponential:base=0.9"}) {
    const Schedule once = parse_schedule(text);
    EXPECT_EQ(once.text(), text);
    EXPECT_EQ(rates(parse_schedule(once.text())), rates(once)) << text;
  }
}

TEST(ScheduleText, SaysTheSameAsTheRulesInCode) {
  using namespace schedule;
  const Schedule code = then(lasting(WarmUp{.start = 0.1}, {.epochs = 2}), Cosine{.final = 0});
  const Schedule text = parse_schedule("warmup:start=0.1,epochs=2 then cosine:final=0");
  EXPECT_EQ(text.text(), code.text());
  EXPECT_EQ(rates(text), rates(code));
}

TEST(ScheduleText, ARecordIsNamedByItsAbsolutePathInQuotesWhereItHasToBe) {
  const test::Scratch scratch;
  for (const char* name : {"plain.csv", "with blank, comma.csv", "a then b.csv", "k=v:w.csv"}) {
    const std::string file = scratch.file(name, "step,rate\n1,0.5\n3,0.25\n").string();
    const Schedule s = parse_schedule("replay:file=\"" + file + "\",steps=9 then cosine");
    EXPECT_NE(s.text().find(file), std::string::npos);
    EXPECT_EQ(parse_schedule(s.text()).text(), s.text());
    EXPECT_EQ(rates(parse_schedule(s.text())), rates(s));
  }
}

TEST(ScheduleText, EveryScheduleInTheListIsReadByItsNameAndItsDefaults) {
  for (const ScheduleInfo& info : schedules()) {
    if (info.name == "replay") continue;
    std::string text = info.name;
    for (const auto& p : info.parameters)
      if (!p.value.empty()) text += (text == info.name ? ":" : ",") + p.name + "=" + p.value;
    if (info.name == "staircase") text += ",every=3";
    const Schedule s = parse_schedule(text);
    EXPECT_TRUE(s.text().starts_with(info.name)) << s.text();
    EXPECT_FALSE(info.formula.empty());
  }
}

void expect_refused(const char* text, const char* problem, const char* advice) {
  const Error error = test::refusal([&] { return parse_schedule(text); });
  EXPECT_EQ(error.kind(), ErrorKind::usage) << text;
  EXPECT_NE(error.problem().find(problem), std::string::npos) << text << ": " << error.what();
  EXPECT_NE(error.advice().find(advice), std::string::npos) << text << ": " << error.what();
}

TEST(ScheduleText, WhatIsUnknownIsNamedBesideWhatIsKnown) {
  expect_refused("cosin", "no schedule 'cosin'", "one-cycle");
  expect_refused("", "no schedule ''", "constant");
  expect_refused("constant:steps=1 then ", "no schedule", "constant");
  expect_refused("constant:steps=1 then  then cosine", "no schedule ''", "constant");
  expect_refused("cosine:fnial=0.1", "cosine has no parameter 'fnial'", "final, steps, epochs");
  expect_refused("constant:rate=1", "constant has no parameter 'rate'", "steps, epochs");
  expect_refused("user-defined", "no schedule 'user-defined'", "constant");
}

TEST(ScheduleText, AValueThatIsNoneIsNamedWithItsBound) {
  expect_refused("cosine:final=x", "final of cosine is 'x'", "a number");
  expect_refused("cosine:final=", "final of cosine is ''", "a number");
  expect_refused("cosine:final=nan", "final of cosine is nan", "0 to 1");
  expect_refused("cosine:final=0.1x", "final of cosine is '0.1x'", "a number");
  expect_refused("plateau:patience=-1", "patience of plateau is '-1'", "from 1");
  expect_refused("plateau:patience=0", "patience of plateau is 0", "from 1");
  expect_refused("warmup:steps=1.5", "steps of warmup is '1.5'", "from 1");
  expect_refused("warmup:steps=99999999999999999999", "steps of warmup", "from 1");
  expect_refused("warmup:steps=2,epochs=2", "length of warmup", "steps=N or epochs=N");
  expect_refused("staircase:at=30/", "at of staircase is ''", "whole numbers");
  expect_refused("cosine:final", "'final' of cosine is no setting", "key=value");
  expect_refused("cosine:", "no setting", "key=value");
  expect_refused("cosine:final=0,final=1", "final of cosine is given twice", "one of them");
  expect_refused("cosine then constant", "'cosine:final=0.01' does not end", "steps=N");
  expect_refused("replay", "replay has no file", "replay:file=");
}

TEST(Preview, HasTheFirstAndTheLastStepWhateverTheInterval) {
  const auto steps = [](std::uint64_t every) {
    std::vector<std::uint64_t> found;
    preview({}, {.epochs = 2, .steps_per_epoch = 5, .every = every},
            [&](const RatePoint& p) { found.push_back(p.step); });
    return found;
  };
  using Steps = std::vector<std::uint64_t>;
  EXPECT_EQ(steps(3), (Steps{1, 4, 7, 10}));
  EXPECT_EQ(steps(4), (Steps{1, 5, 9, 10}));
  EXPECT_EQ(steps(std::numeric_limits<std::uint64_t>::max()), (Steps{1, 10}));
  EXPECT_EQ(steps(1).size(), 10U);
}

TEST(Preview, AFieldOutOfItsBoundsIsNamed) {
  const auto problem = [](const Preview& run) {
    return test::refusal([&] { return run.validate(), 0; }).problem();
  };
  EXPECT_EQ(problem({.learning_rate = 0}), "learning rate is 0");
  EXPECT_EQ(problem({.epochs = 0}), "epochs is 0");
  EXPECT_EQ(problem({.steps_per_epoch = 0}), "steps per epoch is 0");
  EXPECT_EQ(problem({.every = 0}), "every is 0");
  constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
  EXPECT_NE(problem({.epochs = largest}).find("too many"), std::string::npos);
}

TEST(Preview, AReadableTableHasAtMostAboutTwentyFiveRows) {
  EXPECT_EQ(readable_interval(10), 1U);
  EXPECT_EQ(readable_interval(1000), 50U);
  EXPECT_EQ(readable_interval(2640), 200U);
  for (std::uint64_t steps = 1; steps < std::numeric_limits<std::uint64_t>::max() / 7; steps *= 7)
    EXPECT_LE(steps / readable_interval(steps), 25U) << steps;
}

}  // namespace
}  // namespace fallline
