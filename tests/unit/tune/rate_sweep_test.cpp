#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fallline/data/embedded.hpp>
#include <fallline/error.hpp>
#include <fallline/train/train.hpp>
#include <fallline/tune/rate_sweep.hpp>
#include <fallline/tune/steps.hpp>

#include "support/datasets.hpp"
#include "support/refusal.hpp"
#include "support/table.hpp"

namespace fallline::tune {
namespace {

/// Four examples with the one feature 1, three of one class and one of the other. From w = 0 the
/// scores after a step are (u, −u) with u = 2α, and where |2u| < 1 the squared hinge is quadratic:
///
///     L = ¾ (1 − 2u)² + ¼ (1 + 2u)² = 1 − 4α + 16α²
Dataset four() { return test::table<float>(1, {1, 1, 1, 1}, {0, 0, 0, 1}, {"a", "b"}); }

RateSweepOptions quadratic() {
  RateSweepOptions options{.from = 1e-6, .to = 10, .per_decade = 20, .trial_epochs = 0};
  options.training.loss = {.kind = LossKind::squared_hinge};
  options.training.preprocessing = PreprocessingKind::none;
  options.training.initial_scale = 0;
  return options;
}

TEST(RateSweep, OnAQuadraticTheLowestStepIsTheOneThatEndsAtItsMinimum) {
  Workers workers(1);
  const RateSweep sweep = sweep_rates({.train = four()}, quadratic(), workers);
  EXPECT_LE(std::abs(sweep.start.loss - 1), 1e-6);
  ASSERT_TRUE(sweep.lowest && sweep.suggestion);
  EXPECT_LE(std::abs(std::log10(*sweep.suggestion * 8)), 0.5 / 20 + 1e-6);
  for (const SweptRate& r : sweep.rates) {
    if (r.rate < 0.25) {
      EXPECT_LE(std::abs(r.measure.loss - (1 - 4 * r.rate + 16 * r.rate * r.rate)), 1e-6);
      EXPECT_NE(r.verdict, StepVerdict::overshoots) << r.rate;
    } else {
      EXPECT_GT(r.measure.loss, 1);
      EXPECT_EQ(r.verdict, r.rate > 0.26 ? StepVerdict::overshoots : StepVerdict::barely_moves);
    }
  }
}

TEST(RateSweep, TinyStepsBarelyMoveThenABandImprovesThenLossesGrowTenfoldADecade) {
  Workers workers(2);
  for (const LossKind kind : {LossKind::softmax, LossKind::hinge}) {
    RateSweepOptions options{.from = 1e-8, .to = 1e5, .trial_epochs = 0};
    options.training.loss.kind = kind;
    const RateSweep sweep =
        sweep_rates({.train = test::random_dataset(600, 20, 5, CellType::f32)}, options, workers);
    // In this order, each at least once.
    std::vector<StepVerdict> verdicts;
    for (const SweptRate& r : sweep.rates)
      if (verdicts.empty() || verdicts.back() != r.verdict) verdicts.push_back(r.verdict);
    EXPECT_EQ(verdicts, (std::vector{StepVerdict::barely_moves, StepVerdict::improves,
                                     StepVerdict::overshoots}));
    const auto& last = sweep.rates.end();
    const double growth = last[-1].measure.loss / last[-2].measure.loss;
    EXPECT_LE(std::abs(growth - 10), 0.2) << name_of(kind);
  }
}

TEST(RateSweep, TheSuggestionIsATriedRateWithTheLowestLossOfAllTrials) {
  Workers workers(2);
  const Parts parts = divide({.train = test::random_dataset(3000, 20, 5, CellType::f32)});
  const RateSweep sweep = sweep_rates(parts, {}, workers);
  ASSERT_GE(sweep.trials.size(), 4U);
  ASSERT_TRUE(sweep.suggestion);
  const auto best = std::ranges::min_element(sweep.trials, {}, &RateTrial::loss);
  EXPECT_EQ(*sweep.suggestion, best->rate);
  // Its neighbours, a quarter of a decade away, were tried too.
  for (const double factor : {std::pow(10, -0.25), std::pow(10, 0.25)})
    EXPECT_TRUE(std::ranges::any_of(sweep.trials, [&](const RateTrial& t) {
      return std::abs(t.rate / best->rate / factor - 1) < 1e-4;
    })) << factor;
}

TEST(RateSweep, ATrialIsTheRunThatTrainWouldMake) {
  Workers workers(2);
  const Parts parts = divide({.train = test::random_dataset(3000, 20, 5, CellType::f32)});
  const RateSweep sweep = sweep_rates(parts, {}, workers);
  const RateTrial& trial = sweep.trials.back();
  const TrainResult result =
      train(parts, {.learning_rate = trial.rate, .epochs = trial.epochs}, workers);
  EXPECT_EQ(result.validation->loss, trial.loss);
}

TEST(RateSweep, TheSuggestionTrainsWithinTwoPointsOfTheBestRateOfAFineGrid) {
  Workers workers(0);
  const Parts parts = divide(embedded({.train = 5000, .test = 5000}));
  for (const LossKind kind : {LossKind::softmax, LossKind::hinge}) {
    RateSweepOptions options;
    options.training.loss.kind = kind;
    options.training.preprocessing = PreprocessingKind::none;
    const RateSweep sweep = sweep_rates(parts, options, workers);
    ASSERT_TRUE(sweep.suggestion);
    const auto accuracy = [&](double rate) {
      TrainOptions training = options.training;
      training.learning_rate = rate;
      training.epochs = 15;
      return train(parts, training, workers).test->accuracy();
    };
    double best = 0;
    for (const double rate : rates_between(3e-9, 1e-6, 4)) best = std::max(best, accuracy(rate));
    EXPECT_GE(accuracy(*sweep.suggestion), best - 0.02) << name_of(kind);
    EXPECT_GT(best, 0.25) << name_of(kind);
  }
}

TEST(RateSweep, TheSameFiguresForAnyNumberOfWorkers) {
  Workers one(1);
  Workers many(3);
  const Parts parts = divide({.train = test::random_dataset(3000, 20, 5, CellType::u8)});
  EXPECT_EQ(json(sweep_rates(parts, {}, one)), json(sweep_rates(parts, {}, many)));
}

TEST(RateSweep, FromATrainedModelThereIsLittleLeftAndItsOwnObjectiveCounts) {
  Workers workers(2);
  const Parts parts = {.train = test::random_dataset(500, 10, 3, CellType::f32)};
  TrainOptions hinge{.loss = {.kind = LossKind::squared_hinge}, .epochs = 500};
  const TrainResult result = train(parts, hinge, workers);
  const RateSweep sweep = sweep_rates(parts, {.from = 1e-6, .to = 10}, workers, &result.model);
  EXPECT_LE(std::abs(sweep.start.loss - result.train.loss), 1e-6 * result.train.loss);
  EXPECT_TRUE(sweep.trials.empty());
  ASSERT_TRUE(sweep.lowest);
  EXPECT_LT(sweep.start.loss - sweep.rates[*sweep.lowest].measure.loss, 0.01 * sweep.start.loss);
}

TEST(RateSweep, WhereEveryRateOvershootsNoneIsSuggested) {
  Workers workers(1);
  const Parts parts = {.train = test::random_dataset(300, 10, 3, CellType::f32)};
  const RateSweep sweep = sweep_rates(parts, {.from = 1e4, .to = 1e6}, workers);
  EXPECT_FALSE(sweep.suggestion);
  EXPECT_FALSE(sweep.lowest);
  EXPECT_TRUE(sweep.trials.empty());
  EXPECT_NE(sweep.reason.find("lower ones"), std::string::npos) << sweep.reason;
}

TEST(RateSweep, AnInterruptLeavesTheSingleSteps) {
  Workers workers(1);
  const std::atomic<bool> interrupt = true;
  const Parts parts = {.train = test::random_dataset(300, 10, 3, CellType::f32)};
  const RateSweep sweep = sweep_rates(parts, {}, workers, nullptr, {}, &interrupt);
  EXPECT_TRUE(sweep.interrupted);
  EXPECT_EQ(sweep.rates.size(), 10U);
  EXPECT_TRUE(sweep.suggestion);
}

TEST(RateSweep, WhatCannotBeSweptIsRefused) {
  Workers workers(1);
  const Parts parts = {.train = test::random_dataset(300, 10, 3, CellType::f32)};
  RateSweepOptions whole;
  whole.training.optimizer.name = "lbfgs";
  EXPECT_EQ(test::refusal([&] { return sweep_rates(parts, whole, workers); }).kind(),
            ErrorKind::usage);
  RateSweepOptions small;
  small.training.memory_limit = 1000;
  EXPECT_EQ(test::refusal([&] { return sweep_rates(parts, small, workers); }).kind(),
            ErrorKind::not_enough_memory);
  const Parts bad = {.train = test::table<float>(1, {1, NAN}, {0, 1}, {"a", "b"})};
  RateSweepOptions plain;
  plain.training.preprocessing = PreprocessingKind::none;
  EXPECT_EQ(test::refusal([&] { return sweep_rates(bad, plain, workers); }).kind(),
            ErrorKind::diverged);
}

}  // namespace
}  // namespace fallline::tune
