#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/train/train.hpp>
#include <fallline/tune/training_sweep.hpp>

#include "support/datasets.hpp"

namespace fallline::tune {
namespace {

Source whole_rows() { return {.train = test::random_dataset(600, 10, 3, CellType::f32)}; }

TrainingCase with_rate(double rate, double validation = 0.1) {
  return {.values = {std::to_string(rate)},
          .training = {.loss = {.kind = LossKind::squared_hinge},
                       .learning_rate = rate,
                       .batch_size = 50,
                       .epochs = 3},
          .shares = {.validation = validation}};
}

TEST(Spread, IsTheMeanAndTheSampleDeviation) {
  const Spread s = spread_of(std::vector<double>{1, 2, 4, 5});
  EXPECT_EQ(s.mean, 3);
  EXPECT_LE(std::abs(s.deviation - std::sqrt(10.0 / 3)), 1e-15);
  EXPECT_EQ(spread_of(std::vector<double>{7}).deviation, 0);
  const Spread lost = spread_of(std::vector<double>{7, INFINITY});
  EXPECT_TRUE(std::isinf(lost.mean));
  EXPECT_EQ(lost.deviation, 0);
}

TEST(TrainingSweep, ACasesFiguresAreThoseOfItsRunsOverTheSeeds) {
  Workers workers(2);
  const std::vector<TrainingCase> cases{with_rate(0.01)};
  const TrainingSweep sweep = sweep_training(whole_rows(), cases, 2, workers);
  ASSERT_EQ(sweep.cases.size(), 1U);
  std::vector<double> losses;
  for (const std::uint64_t seed : {1, 2}) {
    TrainOptions training = cases[0].training;
    training.seed = seed;
    const TrainResult result = train(divide(whole_rows(), {.seed = seed}), training, workers);
    losses.push_back(result.test->loss);
  }
  EXPECT_EQ(sweep.cases[0].runs, 2U);
  EXPECT_EQ(sweep.cases[0].test_loss->mean, spread_of(losses).mean);
  EXPECT_EQ(sweep.cases[0].test_loss->deviation, spread_of(losses).deviation);
  EXPECT_GT(sweep.cases[0].test_loss->deviation, 0) << "each seed has parts of its own";
}

TEST(TrainingSweep, BestIsTheHighestValidationAccuracyAndNoneThatDiverged) {
  Workers workers(2);
  const std::vector<TrainingCase> cases{with_rate(1e-7), with_rate(0.01), with_rate(1e39)};
  const TrainingSweep sweep = sweep_training(whole_rows(), cases, 1, workers);
  ASSERT_EQ(sweep.cases.size(), 3U);
  EXPECT_EQ(sweep.best, 1U);
  EXPECT_EQ(sweep.cases[2].diverged, 1U);
  EXPECT_TRUE(std::isinf(sweep.cases[2].train_loss.mean));
}

TEST(TrainingSweep, WithoutAValidationPartNoneIsBest) {
  Workers workers(1);
  const std::vector<TrainingCase> cases{with_rate(0.01, 0), with_rate(0.02, 0)};
  const TrainingSweep sweep = sweep_training(whole_rows(), cases, 1, workers);
  EXPECT_FALSE(sweep.best);
  EXPECT_FALSE(sweep.cases[0].validation_loss);
  EXPECT_TRUE(sweep.cases[0].test_loss);
}

TEST(TrainingSweep, AnInterruptLeavesTheWholeRuns) {
  Workers workers(1);
  std::atomic<bool> interrupt = false;
  const std::vector<TrainingCase> cases{with_rate(0.01), with_rate(0.02), with_rate(0.03)};
  const TrainingSweep sweep = sweep_training(
      whole_rows(), cases, 1, workers, [&](const CaseFigures&) { interrupt = true; }, &interrupt);
  EXPECT_TRUE(sweep.interrupted);
  ASSERT_EQ(sweep.cases.size(), 1U);
  EXPECT_EQ(sweep.best, 0U);
}

TEST(TrainingSweep, OfNothingIsRefused) {
  Workers workers(1);
  EXPECT_THROW((void)sweep_training(whole_rows(), {}, 1, workers), Error);
  const std::vector<TrainingCase> cases{with_rate(0.01)};
  EXPECT_THROW((void)sweep_training(whole_rows(), cases, 0, workers), Error);
  const std::vector<TrainingCase> bad{with_rate(-1)};
  EXPECT_THROW((void)sweep_training(whole_rows(), bad, 1, workers), Error);
}

}  // namespace
}  // namespace fallline::tune
