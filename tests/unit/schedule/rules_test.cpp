#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/schedule/cosine.hpp>
#include <fallline/schedule/exponential.hpp>
#include <fallline/schedule/inverse_sqrt.hpp>
#include <fallline/schedule/inverse_time.hpp>
#include <fallline/schedule/one_cycle.hpp>
#include <fallline/schedule/plateau.hpp>
#include <fallline/schedule/replay.hpp>
#include <fallline/schedule/schedule.hpp>
#include <fallline/schedule/staircase.hpp>
#include <fallline/schedule/text.hpp>
#include <fallline/schedule/warm_up.hpp>
#include <functional>
#include <string>
#include <vector>

#include "support/refusal.hpp"

namespace fallline::schedule {
namespace {

/// The rates of the first step of each epoch, from α0, at 10 steps an epoch.
std::vector<double> by_epoch(const Schedule& s, double base, std::uint64_t epochs) {
  std::vector<double> rates;
  for (std::uint64_t e = 0; e < epochs; ++e)
    rates.push_back(
        s.rate(base, {.step = 10 * e + 1, .steps_per_epoch = 10, .steps = 10 * epochs}));
  return rates;
}

/// The rates of every step of one epoch.
std::vector<double> by_step(const Schedule& s, double base, std::uint64_t steps) {
  std::vector<double> rates;
  for (std::uint64_t t = 1; t <= steps; ++t)
    rates.push_back(s.rate(base, {.step = t, .steps_per_epoch = steps, .steps = steps}));
  return rates;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected,
                 double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_NEAR(found[i], expected[i], tolerance) << "at " << i;
}

TEST(Moment, AnEpochBeginsWithItsFirstStep) {
  const auto epoch = [](std::uint64_t step) { return Moment{step, 10, 100, {}}.epoch(); };
  EXPECT_EQ(epoch(1), 1U);
  EXPECT_EQ(epoch(10), 1U);
  EXPECT_EQ(epoch(11), 2U);
  EXPECT_EQ((Moment{5, 10, 1, {}}.progress()), 0);
}

TEST(Constant, IsTheBaseRate) { EXPECT_EQ(by_epoch({}, 0.3, 2), (std::vector<double>{0.3, 0.3})); }

TEST(InverseTime, HasTheFiguresOfTheCourse) {
  // 0.2/(1+1), 0.2/(1+2), 0.2/(1+3), 0.2/(1+4).
  expect_near(by_epoch(InverseTime{.r = 1}, 0.2, 4), {0.1, 0.2 / 3, 0.05, 0.04}, 1e-16);
}

TEST(Exponential, MultipliesByItsBaseEachEpochTheFirstIncluded) {
  expect_near(by_epoch(Exponential{}, 0.2, 3), {0.19, 0.1805, 0.171475}, 1e-15);
}

TEST(InverseSqrt, OfTheEpochAndOfTheStepByHand) {
  expect_near(by_epoch(InverseSqrtEpoch{.k = 3}, 0.1, 4),
              {0.3, 0.3 / std::sqrt(2), 0.3 / std::sqrt(3), 0.15}, 1e-16);
  expect_near(by_step(InverseSqrtStep{.k = 2}, 0.1, 4),
              {0.2, 0.2 / std::sqrt(2), 0.2 / std::sqrt(3), 0.1}, 1e-16);
}

TEST(Staircase, EveryNEpochsIsTheSameAsAfterTheEpochsNTwoNAndSoOn) {
  const std::vector<double> halves{0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.1};
  EXPECT_EQ(by_epoch(Staircase{.every = 2}, 0.8, 7), halves);
  EXPECT_EQ(by_epoch(Staircase{.at = {2, 4, 6}}, 0.8, 7), halves);
  EXPECT_EQ(by_epoch(Staircase{.at = {1, 3}, .factor = 0.25}, 0.8, 4),
            (std::vector<double>{0.8, 0.2, 0.2, 0.05}));
}

TEST(Cosine, StartsAtTheBaseRateIsHalfWayInTheMiddleAndEndsAtItsShare) {
  const std::vector<double> rates = by_step(Cosine{.final = 0.1}, 0.2, 5);
  const double high = 0.2 * (0.1 + 0.9 * (1 + std::sqrt(0.5)) / 2);
  const double low = 0.2 * (0.1 + 0.9 * (1 - std::sqrt(0.5)) / 2);
  expect_near(rates, {0.2, high, 0.11, low, 0.02}, 1e-16);
  EXPECT_EQ(Schedule(Cosine{.final = 0.1}).rate(1, {.step = 99, .steps = 5}), 0.1)
      << "past the horizon the end stays";
  EXPECT_EQ(by_step(Cosine{}, 0.2, 1), std::vector<double>{0.2}) << "one step has no end";
}

TEST(OneCycle, RisesFallsAndSinksInStraightLines) {
  // x = 0, 0.1, …, 1: up to 0.4, down to 0.8, then on to the end.
  const OneCycle rule{.start = 0.2, .cycle = 0.8, .final = 0.1};
  expect_near(by_step(rule, 1, 11), {0.2, 0.4, 0.6, 0.8, 1, 0.8, 0.6, 0.4, 0.2, 0.15, 0.1}, 1e-15);
}

TEST(OneCycle, HasNoJumpAtItsJointsAndNoneWhereTheCycleIsAll) {
  for (const double cycle : {0.5, 0.9, 1.0}) {
    const std::vector<double> rates = by_step(OneCycle{.cycle = cycle}, 1, 10'001);
    for (std::size_t i = 1; i < rates.size(); ++i)
      ASSERT_LE(std::abs(rates[i] - rates[i - 1]), 5e-4) << cycle << " at " << i;
  }
}

TEST(WarmUp, ReachesTheBaseRateAtItsLastStep) {
  expect_near(by_step(WarmUp{}, 0.4, 4), {0.1, 0.2, 0.3, 0.4}, 1e-16);
  expect_near(by_step(WarmUp{.start = 0.5}, 0.4, 2), {0.3, 0.4}, 1e-16);
}

/// α/α0 after each of the losses.
std::vector<double> after_losses(const Plateau& rule, const std::vector<double>& losses) {
  std::vector<double> rates;
  for (std::uint64_t e = 1; e <= losses.size(); ++e)
    rates.push_back(Schedule(rule).rate(
        1, {.step = e + 1, .steps = 100, .losses = std::span(losses).first(e)}));
  return rates;
}

TEST(Plateau, DropsAfterPatienceEpochsWithoutABetterLossAndCountsAnew) {
  const Plateau rule{.factor = 0.5, .patience = 2, .threshold = 0};
  EXPECT_EQ(after_losses(rule, {3, 2, 2, 2, 2, 2, 1, 1, 1}),
            (std::vector<double>{1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125}));
}

TEST(Plateau, WhatIsBetterByLessThanTheThresholdIsNotAndNoNumberNeverIs) {
  const Plateau rule{.factor = 0.5, .patience = 1, .threshold = 0.1};
  EXPECT_EQ(after_losses(rule, {1, 0.95, 0.85, NAN}), (std::vector<double>{1, 0.5, 0.5, 0.25}));
  EXPECT_EQ(after_losses(rule, {-1, -1.05, -1.2}), (std::vector<double>{1, 0.5, 0.5}));
}

TEST(Replay, HoldsEachRateUntilTheNextChangeAndTheBaseRateBeforeTheFirst) {
  EXPECT_EQ(by_step(Replay{.changes = {{2, 0.5}, {4, 0.25}}}, 0.1, 5),
            (std::vector<double>{0.1, 0.5, 0.5, 0.25, 0.25}));
}

TEST(Schedule, AFunctionOfOnesOwnIsOneToo) {
  const Schedule own = [](double base, const Moment& now) {
    return base / static_cast<double>(now.step);
  };
  EXPECT_EQ(by_step(own, 1, 3), (std::vector<double>{1.0, 0.5, 1.0 / 3}));
  EXPECT_EQ(own.text(), "user-defined");
  EXPECT_EQ(own.target<Cosine>(), nullptr);
}

TEST(Schedule, GivesTheSameInAnyOrderOfAsking) {
  const std::vector<double> losses{3, 2, 2, 2, 2, 2, 2, 2, 2, 2};
  for (const char* text :
       {"constant", "inverse-time", "exponential", "inverse-sqrt-epoch", "inverse-sqrt-step",
        "staircase:every=2", "cosine", "one-cycle", "warmup:steps=7 then plateau:patience=1"}) {
    const Schedule s = parse_schedule(text);
    const Schedule copy = s;
    const auto at = [&](std::uint64_t t) {
      return Moment{t, 10, 100, std::span(losses).first((t - 1) / 10)};
    };
    std::vector<double> upwards;
    for (std::uint64_t t = 1; t <= 100; ++t) upwards.push_back(s.rate(0.1, at(t)));
    for (std::uint64_t t = 100; t >= 1; --t) {
      EXPECT_EQ(s.rate(0.1, at(t)), upwards[t - 1]) << text << " at " << t;
      EXPECT_EQ(copy.rate(0.1, at(t)), upwards[t - 1]) << text << " at " << t;
    }
  }
}

TEST(Schedule, StepZeroAndAnEpochOfNoStepsAreRefused) {
  EXPECT_EQ(test::refusal([] { return Schedule().rate(1, {.step = 0}); }).kind(), ErrorKind::usage);
  EXPECT_EQ(test::refusal([] { return Schedule().rate(1, {.steps_per_epoch = 0}); }).kind(),
            ErrorKind::usage);
}

void expect_refused(const std::function<Schedule()>& make, const std::string& field,
                    const std::string& bound) {
  const Error error = test::refusal(make);
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_NE(error.problem().find(field), std::string::npos) << error.what();
  EXPECT_NE(error.advice().find(bound), std::string::npos) << error.what();
}

TEST(Schedule, ASettingOutOfItsBoundsIsNamedWithThem) {
  const auto refused = [](auto rule, const char* field, const char* bound) {
    expect_refused([&] { return Schedule(rule); }, field, bound);
  };
  refused(InverseTime{.r = -1}, "r of inverse-time is -1", "at least 0");
  refused(Exponential{.base = 0}, "base of exponential is 0", "above 0");
  refused(InverseSqrtEpoch{.k = NAN}, "k of inverse-sqrt-epoch is nan", "above 0");
  refused(InverseSqrtStep{.k = INFINITY}, "k of inverse-sqrt-step is inf", "finite");
  refused(Staircase{}, "every", "every=N");
  refused(Staircase{.every = 3, .at = {4}}, "both every and at", "at=30/60");
  refused(Staircase{.at = {4, 4}}, "at of staircase is 4", "above the one before");
  refused(Staircase{.every = 1, .factor = 0}, "factor of staircase is 0", "above 0");
  refused(Cosine{.final = 1.5}, "final of cosine is 1.5", "0 to 1");
  refused(OneCycle{.start = 0}, "start of one-cycle is 0", "above 0");
  refused(OneCycle{.cycle = NAN}, "cycle of one-cycle is nan", "at most 1");
  refused(OneCycle{.start = 0.1, .final = 0.2}, "final of one-cycle is 0.2", "to start");
  refused(WarmUp{.start = -0.1}, "start of warmup is -0.1", "0 to 1");
  refused(Plateau{.factor = 1}, "factor of plateau is 1", "below 1");
  refused(Plateau{.patience = 0}, "patience of plateau is 0", "at least 1");
  refused(Plateau{.threshold = -1}, "threshold of plateau is -1", "at least 0");
  refused(Replay{}, "no changes", "one");
  refused(Replay{.changes = {{1, 0.5}, {1, 0.25}}}, "step of replay is 1", "above the one before");
  refused(Replay{.changes = {{1, NAN}}}, "rate of replay is nan", "finite");
}

}  // namespace
}  // namespace fallline::schedule
