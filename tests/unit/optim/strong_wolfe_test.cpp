#include <gtest/gtest.h>

#include <cmath>
#include <fallline/optim/strong_wolfe.hpp>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "support/refusal.hpp"

namespace fallline {
namespace {

using Verdict = StrongWolfe::Verdict;

/// φ(a) and φ'(a)
using Line = std::function<std::pair<double, double>(double)>;

struct Outcome {
  Verdict verdict = Verdict::again;
  double a = 0;
  int told = 0;
};

Outcome search(const Line& line, double first, const WolfeConditions& conditions = {}) {
  const auto [value, slope] = line(0);
  StrongWolfe wolfe(conditions, value, slope, first, 10 * std::numeric_limits<double>::epsilon());
  Outcome outcome;
  while (outcome.verdict == Verdict::again && outcome.told < 1000) {
    outcome.a = wolfe.trial();
    const auto [f, d] = line(outcome.a);
    outcome.verdict = wolfe.tell(f, d);
    ++outcome.told;
  }
  return outcome;
}

struct Named {
  const char* name;
  Line line;
};

/// The last two are functions 1 and 2 of Moré and Thuente, "Line search algorithms with guaranteed
/// sufficient decrease", 1994, section 5.
const std::vector<Named> lines{
    {"parabola", [](double a) { return std::pair((a - 1) * (a - 1), 2 * (a - 1)); }},
    {"exponential", [](double a) { return std::pair(std::exp(a) - 3 * a, std::exp(a) - 3); }},
    {"valleys",
     [](double a) {
       return std::pair(0.1 * a * a - std::sin(3 * a), 0.2 * a - 3 * std::cos(3 * a));
     }},
    {"rational",
     [](double a) {
       const double q = a * a + 2;
       return std::pair(-a / q, (a * a - 2) / (q * q));
     }},
    {"quintic",
     [](double a) {
       const double x = a + 0.004;
       return std::pair(std::pow(x, 5) - 2 * std::pow(x, 4),
                        5 * std::pow(x, 4) - 8 * std::pow(x, 3));
     }},
};

void expect_conditions(const Named& named, double first, const WolfeConditions& conditions) {
  const Outcome found = search(named.line, first, conditions);
  const std::string where = std::string(named.name) + " from " + std::to_string(first);
  ASSERT_EQ(found.verdict, Verdict::done) << where;
  EXPECT_LE(found.told, conditions.trials) << where;
  const auto [f0, d0] = named.line(0);
  const auto [f, d] = named.line(found.a);
  EXPECT_LE(f, f0 + conditions.c1 * found.a * d0) << where;
  EXPECT_LE(std::abs(d), conditions.c2 * std::abs(d0)) << where;
}

TEST(StrongWolfe, BothConditionsHoldAtTheStepFromTrialsFarTooShortToFarTooLong) {
  for (const Named& named : lines)
    for (const double first : {1e-3, 1e-1, 1e0, 1e1, 1e3})
      for (const double c2 : {0.9, 0.1, 0.01})
        expect_conditions(named, first, {.c1 = 1e-4, .c2 = c2});
}

TEST(StrongWolfe, AFirstTrialThatWillDoIsTaken) {
  const Outcome found = search(lines[0].line, 0.9);
  EXPECT_EQ(found.a, 0.9);
  EXPECT_EQ(found.told, 1);
}

TEST(StrongWolfe, OnAParabolaTheFirstTrialOfAnIntervalIsItsMinimum) {
  // The cubic through two points of a parabola is the parabola.
  const Outcome found = search(lines[0].line, 5, {.c1 = 1e-10, .c2 = 1e-9});
  EXPECT_NEAR(found.a, 1, 1e-9);
  EXPECT_EQ(found.told, 2);
}

TEST(StrongWolfe, ValuesThatAreNotFiniteCountAsTooHigh) {
  for (const double bad : {std::numeric_limits<double>::infinity(), std::nan("")}) {
    const Named wall{"wall", [bad](double a) {
                       if (a >= 1) return std::pair(bad, bad);
                       return std::pair(-std::log(1 - a) - 2 * a, 1 / (1 - a) - 2);
                     }};
    for (const double first : {0.1, 1.0, 100.0}) expect_conditions(wall, first, {});
  }
}

TEST(StrongWolfe, WhereNothingLowersTheValueItFails) {
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<Named> hopeless{
      {"the slope lies", [](double a) { return std::pair(a, -1.0); }},
      {"a jump up", [](double a) { return std::pair(a == 0 ? 0.0 : 1.0, -1.0); }},
      {"NaN", [=](double a) { return a == 0 ? std::pair(0.0, -1.0) : std::pair(nan, nan); }},
      {"infinite",
       [=](double a) { return a == 0 ? std::pair(0.0, -1.0) : std::pair(infinity, -1.0); }},
  };
  for (const Named& named : hopeless) {
    const Outcome found = search(named.line, 1);
    EXPECT_EQ(found.verdict, Verdict::failed) << named.name;
    EXPECT_LE(found.told, WolfeConditions{}.trials) << named.name;
  }
}

TEST(StrongWolfe, WithoutAMinimumItTakesTheLowestPointAfterSoManyTrials) {
  const Outcome found = search([](double a) { return std::pair(-a, -1.0); }, 1);
  EXPECT_EQ(found.verdict, Verdict::done);
  EXPECT_GT(found.a, 1e3);
  EXPECT_EQ(found.told, WolfeConditions{}.trials + 1);
}

TEST(StrongWolfe, ItNeverAsksForMoreThanItsTrialsAndTheLowestPointOnceMore) {
  for (const Named& named : lines)
    for (const int trials : {1, 2, 3}) {
      const Outcome found = search(named.line, 1e3, {.c1 = 1e-4, .c2 = 1e-3, .trials = trials});
      EXPECT_NE(found.verdict, Verdict::again) << named.name;
      EXPECT_LE(found.told, trials + 1) << named.name;
    }
}

TEST(StrongWolfe, WhereValuesDifferByRoundingAloneTheSlopesDecide) {
  // No value of 1e9 + 1e-9 (a − 1)² below a = 8 can be told from another.
  const auto line = [](double a) {
    return std::pair(1e9 + 1e-9 * (a - 1) * (a - 1), 2e-9 * (a - 1));
  };
  for (const double first : {0.01, 8.0}) {
    const Outcome found = search(line, first, {.c1 = 1e-4, .c2 = 0.1});
    EXPECT_EQ(found.verdict, Verdict::done);
    EXPECT_LE(std::abs(found.a - 1), 0.1);
  }
}

void expect_named(const WolfeConditions& conditions, const std::string& field) {
  const Error error = test::refusal([&] { conditions.validate(); });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_EQ(error.problem().substr(0, field.size()), field);
  EXPECT_THROW(StrongWolfe(conditions, 1, -1, 1, 0), Error);
}

TEST(StrongWolfe, WhatIsOutOfItsBoundsIsNamed) {
  expect_named({.c1 = 0}, "c1 ");
  expect_named({.c1 = -1}, "c1 ");
  expect_named({.c1 = std::nan("")}, "c1 ");
  expect_named({.c2 = 1}, "c2 ");
  expect_named({.c1 = 0.5, .c2 = 0.4}, "c2 ");
  expect_named({.c1 = 0.5, .c2 = 0.5}, "c1 and c2 ");
  expect_named({.c2 = std::nan("")}, "c2 ");
  expect_named({.trials = 0}, "trials ");
  for (const double slope : {0.0, 1.0, std::nan("")})
    EXPECT_THROW(StrongWolfe({}, 1, slope, 1, 0), Error) << slope;
  for (const double first : {0.0, -1.0, std::nan("")})
    EXPECT_THROW(StrongWolfe({}, 1, -1, first, 0), Error) << first;
  EXPECT_THROW(StrongWolfe({}, 1, -1, 1, -1), Error);
}

}  // namespace
}  // namespace fallline
