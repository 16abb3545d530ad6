#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/tune/range_test.hpp>

#include "support/datasets.hpp"
#include "support/refusal.hpp"

namespace fallline::tune {
namespace {

Parts float_rows() { return {.train = test::random_dataset(3000, 20, 5, CellType::f32)}; }

TEST(RangeTest, TheRateRisesGeometricallyThroughOneEpochOrAHundredSteps) {
  Workers workers(2);
  RangeTestOptions options{.from = 1e-6, .to = 1e-3};
  options.training.batch_size = 20;
  const RangeTest epoch = test_range(float_rows(), options, workers);
  ASSERT_EQ(epoch.steps.size(), 150U);
  EXPECT_EQ(epoch.steps.front().rate, 1e-6);
  EXPECT_LE(std::abs(epoch.steps.back().rate / 1e-3 - 1), 1e-9);
  const double ratio = std::pow(1000, 1.0 / 149);
  for (std::size_t i = 1; i < epoch.steps.size(); ++i)
    EXPECT_LE(std::abs(epoch.steps[i].rate / epoch.steps[i - 1].rate / ratio - 1), 1e-9);
  options.training.batch_size = full_batch;
  EXPECT_EQ(test_range(float_rows(), options, workers).steps.size(), 100U);
}

TEST(RangeTest, EndsWhereTheSmoothedLossIsFourTimesItsLowest) {
  Workers workers(2);
  const RangeTest test = test_range(float_rows(), {.from = 1e-4, .to = 1e6}, workers);
  EXPECT_TRUE(test.stopped);
  ASSERT_TRUE(test.lowest);
  const double least = test.steps[*test.lowest].smoothed;
  for (const RangeStep& s : test.steps) {
    EXPECT_GE(s.smoothed, least);
    if (&s != &test.steps.back()) {
      EXPECT_LE(s.smoothed, 4 * least);
    }
  }
}

TEST(RangeTest, SuggestsAThirdOfTheRateWithTheLowestSmoothedLoss) {
  Workers workers(2);
  const RangeTest test = test_range(float_rows(), {.from = 1e-6, .to = 1e3}, workers);
  ASSERT_TRUE(test.suggestion && test.lowest);
  EXPECT_LE(std::abs(*test.suggestion * 3 / test.steps[*test.lowest].rate - 1), 1e-5);
}

TEST(RangeTest, WhereTheLossNeverFellNothingIsSuggested) {
  Workers workers(1);
  const RangeTest test = test_range(float_rows(), {.from = 1e5, .to = 1e9}, workers);
  EXPECT_FALSE(test.suggestion);
  EXPECT_NE(test.reason.find("lower rate"), std::string::npos) << test.reason;
}

TEST(RangeTest, TheSameForAnyNumberOfWorkersAndEndedByAnInterrupt) {
  Workers one(1);
  Workers many(3);
  EXPECT_EQ(json(test_range(float_rows(), {}, one)), json(test_range(float_rows(), {}, many)));
  const std::atomic<bool> interrupt = true;
  const RangeTest test = test_range(float_rows(), {}, one, &interrupt);
  EXPECT_TRUE(test.interrupted);
  EXPECT_EQ(test.steps.size(), 1U);
}

TEST(RangeTest, WhatCannotBeTestedIsRefused) {
  Workers workers(1);
  RangeTestOptions whole;
  whole.training.optimizer.name = "lbfgs";
  EXPECT_EQ(test::refusal([&] { return test_range(float_rows(), whole, workers); }).kind(),
            ErrorKind::usage);
  EXPECT_EQ(test::refusal([&] {
              return test_range(float_rows(), {.from = 1, .to = 0.1}, workers);
            }).kind(),
            ErrorKind::usage);
}

}  // namespace
}  // namespace fallline::tune
