#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/train/train.hpp>
#include <fallline/tune/batch_size_sweep.hpp>

#include "support/datasets.hpp"
#include "support/refusal.hpp"

namespace fallline::tune {
namespace {

Parts divided_rows() { return divide({.train = test::random_dataset(600, 10, 3, CellType::f32)}); }

BatchSizeRun run_of(std::size_t size, double seconds, std::initializer_list<double> losses) {
  BatchSizeRun run{.size = size, .seconds = seconds};
  double k = 0;
  for (const double loss : losses)
    run.curve.add(seconds * k++ / static_cast<double>(losses.size() - 1), loss);
  run.loss = run.curve.points().back().loss;
  return run;
}

TEST(LossCurve, IsReadOffOnStraightLinesAndStaysWhereItEnded) {
  LossCurve curve;
  curve.add(0, 10);
  curve.add(2, 6);
  curve.add(3, 5);
  for (const auto& [seconds, loss] :
       {std::pair{0.0, 10.0}, {1.0, 8.0}, {2.0, 6.0}, {2.5, 5.5}, {3.0, 5.0}, {9.0, 5.0}})
    EXPECT_EQ(curve.at(seconds), loss) << seconds;
}

TEST(BatchSizes, TheBudgetIsTheFastestSizesTimeAndTheLowestLossThereIsSuggested) {
  // After two epochs the small batch is ahead; in the second that the large one takes for them it
  // has only come from 8 to 6.
  const BatchSizeSweep sweep =
      compare_batch_sizes({run_of(16, 4, {8, 4, 2}), run_of(256, 1, {8, 5, 3})}, 2);
  EXPECT_EQ(sweep.seconds, 1);
  ASSERT_EQ(sweep.sizes.size(), 2U);
  EXPECT_EQ(sweep.sizes[0].loss_after_epochs.mean, 2);
  EXPECT_EQ(sweep.sizes[0].loss_after_seconds.mean, 6);
  EXPECT_EQ(sweep.sizes[1].loss_after_epochs.mean, 3);
  EXPECT_EQ(sweep.sizes[1].loss_after_seconds.mean, 3);
  EXPECT_EQ(sweep.suggestion, 256U);
}

TEST(BatchSizes, RepeatsAreAveragedWithTheirSpread) {
  const BatchSizeSweep sweep = compare_batch_sizes({run_of(16, 1, {8, 2}), run_of(32, 1, {8, 3.5}),
                                                    run_of(16, 1, {8, 4}), run_of(32, 1, {8, 3.5})},
                                                   1);
  EXPECT_EQ(sweep.sizes[0].runs, 2U);
  EXPECT_EQ(sweep.sizes[0].loss_after_epochs.mean, 3);
  EXPECT_LE(std::abs(sweep.sizes[0].loss_after_epochs.deviation - std::sqrt(2.0)), 1e-15);
  EXPECT_EQ(sweep.sizes[1].loss_after_epochs.deviation, 0);
  EXPECT_NE(sweep.reason.find("no further off"), std::string::npos) << sweep.reason;
}

TEST(BatchSizes, ASizeThatDivergedIsNotSuggestedAndSetsNoBudget) {
  BatchSizeRun diverged = run_of(8, 0.1, {8, 9});
  diverged.loss = INFINITY;
  const BatchSizeSweep sweep = compare_batch_sizes({diverged, run_of(16, 1, {8, 4})}, 1);
  EXPECT_EQ(sweep.seconds, 1);
  EXPECT_EQ(sweep.suggestion, 16U);
  EXPECT_FALSE(compare_batch_sizes({diverged}, 1).suggestion);
}

TEST(BatchSizes, ARunIsTheOneThatTrainWouldMakeAndItsLossTheLastEpochs) {
  Workers workers(2);
  const Parts parts = divided_rows();
  BatchSizeOptions options{.sizes = {32}, .seeds = 2};
  options.training.epochs = 3;
  options.training.seed = 5;
  const BatchSizeSweep sweep = sweep_batch_sizes(parts, options, workers);
  ASSERT_EQ(sweep.runs.size(), 2U);
  for (std::size_t s = 0; s < 2; ++s) {
    const BatchSizeRun& run = sweep.runs[s];
    EXPECT_EQ(run.seed, 5 + s);
    ASSERT_EQ(run.curve.points().size(), 4U) << "the start and three epochs";
    const TrainResult result =
        train(parts, {.batch_size = 32, .epochs = 3, .seed = 5 + s}, workers);
    EXPECT_EQ(run.accuracy, result.validation->accuracy());
    EXPECT_EQ(run.learning_rate, result.plan.learning_rate);
    EXPECT_EQ(run.loss, run.curve.points().back().loss);
  }
}

TEST(BatchSizes, LossesAfterEqualEpochsAreTheSameForAnyNumberOfWorkers) {
  Workers one(1);
  Workers many(3);
  BatchSizeOptions options{.sizes = {16, 64}};
  options.training.epochs = 2;
  const BatchSizeSweep a = sweep_batch_sizes(divided_rows(), options, one);
  const BatchSizeSweep b = sweep_batch_sizes(divided_rows(), options, many);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(a.sizes[i].loss_after_epochs.mean, b.sizes[i].loss_after_epochs.mean);
    EXPECT_EQ(a.sizes[i].accuracy.mean, b.sizes[i].accuracy.mean);
  }
}

TEST(BatchSizes, AnInterruptLeavesTheWholeRuns) {
  Workers workers(1);
  std::atomic<bool> interrupt = false;
  const BatchSizeSweep sweep = sweep_batch_sizes(
      divided_rows(), {.sizes = {100, 200, 300}}, workers,
      [&](const BatchSizeRun&) { interrupt = true; }, &interrupt);
  EXPECT_TRUE(sweep.interrupted);
  EXPECT_EQ(sweep.runs.size(), 1U);
  EXPECT_EQ(sweep.suggestion, 100U);
}

TEST(BatchSizes, WhatCannotBeSweptIsRefused) {
  Workers workers(1);
  const auto kind = [&](const BatchSizeOptions& options) {
    return test::refusal([&] { return sweep_batch_sizes(divided_rows(), options, workers); })
        .kind();
  };
  EXPECT_EQ(kind({.sizes = {}}), ErrorKind::usage);
  EXPECT_EQ(kind({.sizes = {0}}), ErrorKind::usage);
  EXPECT_EQ(kind({.sizes = {16, full_batch}}), ErrorKind::usage);
  EXPECT_EQ(kind({.sizes = {16, 1000}}), ErrorKind::usage) << "more than there are";
  EXPECT_EQ(kind({.seeds = 0}), ErrorKind::usage);
  BatchSizeOptions whole;
  whole.training.optimizer.name = "lbfgs";
  EXPECT_EQ(kind(whole), ErrorKind::usage);
}

}  // namespace
}  // namespace fallline::tune
