#include <gtest/gtest.h>

#include <cmath>
#include <fallline/data/embedded.hpp>
#include <fallline/error.hpp>
#include <fallline/objective/reference_objective.hpp>
#include <fallline/train/run_directory.hpp>
#include <fallline/train/train.hpp>
#include <vector>

#include "support/datasets.hpp"

namespace fallline {
namespace {

struct Recorder : Listener {
  void on(const Event& event) override {
    if (std::holds_alternative<RunStarted>(event)) ++started;
    if (const auto* step = std::get_if<StepTaken>(&event)) steps.push_back(*step);
    if (const auto* epoch = std::get_if<EpochEnded>(&event)) epochs.push_back(*epoch);
    if (std::holds_alternative<CostRose>(event)) ++rises;
    if (std::holds_alternative<RunEnded>(event)) ++ended;
  }
  int started = 0;
  int ended = 0;
  int rises = 0;
  std::vector<StepTaken> steps;
  std::vector<EpochEnded> epochs;
};

Parts parts_of(const Dataset& data) { return {.train = data}; }

TEST(Train, EventsComeInOrderAndCountEveryExampleOnce) {
  Workers workers(1);
  Recorder recorder;
  Listener* const listeners[] = {&recorder};
  const Parts parts = parts_of(test::random_dataset(100, 6, 3, CellType::f32));
  const TrainResult result = train(parts, {.batch_size = 30, .epochs = 3}, workers, listeners);
  EXPECT_EQ(recorder.started, 1);
  EXPECT_EQ(recorder.ended, 1);
  ASSERT_EQ(recorder.steps.size(), 12U);
  ASSERT_EQ(recorder.epochs.size(), 3U);
  EXPECT_EQ(result.steps, 12U);
  EXPECT_EQ(recorder.steps[3].measure.examples, 10U) << "the short last batch";
  EXPECT_EQ(recorder.steps.back().examples, 300U);
  EXPECT_EQ(recorder.epochs[0].training.examples, 100U);
}

TEST(Train, AShortLastBatchIsAveragedOverItselfAndWeightedInTheEpoch) {
  Workers workers(1);
  Recorder recorder;
  Listener* const listeners[] = {&recorder};
  const Parts parts = parts_of(test::random_dataset(100, 6, 3, CellType::f32));
  (void)train(parts, {.batch_size = 30, .epochs = 1}, workers, listeners);
  double sum = 0;
  for (const StepTaken& step : recorder.steps)
    sum += step.measure.loss * static_cast<double>(step.measure.examples);
  EXPECT_NEAR(recorder.epochs[0].training.loss, sum / 100, 1e-12);
}

TEST(Train, OneFullBatchStepIsTheFormula) {
  Workers workers(2);
  const Dataset data = test::random_dataset(50, 5, 3, CellType::f32);
  TrainOptions options{.learning_rate = 0.25, .batch_size = full_batch, .epochs = 1};
  options.initial_scale = 0;
  options.penalty.l2 = 0.1;
  options.preprocessing = PreprocessingKind::feature;
  const TrainResult result = train(parts_of(data), options, workers);
  const ReferenceObjective reference(data, result.model.preprocessing, options.loss,
                                     options.penalty);
  std::vector<double> w(reference.parameters());
  std::vector<double> g(w.size());
  (void)reference.value_and_gradient(w, test::indices(50), g);
  for (std::size_t i = 0; i < w.size(); ++i)
    EXPECT_NEAR(result.model.parameters[i], -0.25 * g[i], 1e-6);
}

TEST(Train, StochasticDescentIsTheSameLoopWithABatchOfOne) {
  Workers workers(1);
  const Dataset data = test::random_dataset(200, 4, 2, CellType::f32);
  Recorder recorder;
  Listener* const listeners[] = {&recorder};
  const TrainResult result =
      train(parts_of(data), {.batch_size = 1, .epochs = 20}, workers, listeners);
  EXPECT_EQ(recorder.steps.size(), 4000U);
  EXPECT_GT(result.train.accuracy(), 0.6);
}

TEST(Train, InfiniteWeightsAtTheVeryEndAreADivergenceToo) {
  Workers workers(1);
  const TrainResult result = train(
      parts_of(test::random_dataset(50, 5, 3, CellType::f32)),
      {.loss = {.kind = LossKind::squared_hinge}, .learning_rate = 1e39, .epochs = 1}, workers);
  EXPECT_EQ(result.stop, StopReason::diverged);
  for (const float w : result.model.parameters) EXPECT_TRUE(std::isfinite(w));
  EXPECT_NE(result.message.find("1e+39"), std::string::npos) << result.message;
}

TEST(Train, ARunThatEndsHigherThanItBeganDivergedAndKeepsItsLastWeights) {
  Workers workers(2);
  const Parts parts = parts_of(test::random_dataset(300, 6, 3, CellType::f32));
  Recorder recorder;
  Listener* const listeners[] = {&recorder};
  const TrainOptions high{.learning_rate = 300, .batch_size = 20, .epochs = 4};
  const TrainResult result = train(parts, high, workers, listeners);
  EXPECT_EQ(result.stop, StopReason::diverged);
  ASSERT_TRUE(result.exceeded);
  EXPECT_NEAR(*result.exceeded, std::log(3), 1e-3);
  EXPECT_GT(result.train.objective, *result.exceeded);
  EXPECT_EQ(result.epochs, 4U);
  EXPECT_EQ(result.steps, recorder.steps.size());
  EXPECT_FALSE(result.stopped_being_finite());
  EXPECT_NE(result.message.find("the cost rose: from 1.0"), std::string::npos) << result.message;
  EXPECT_NE(result.message.find("learning rate 300"), std::string::npos) << result.message;
  ASSERT_TRUE(result.held_rate);
  TrainOptions low = high;
  low.learning_rate = *result.held_rate;
  const TrainResult again = train(parts, low, workers);
  EXPECT_EQ(again.stop, StopReason::epochs);
  EXPECT_LT(again.train.objective, *result.exceeded);
}

TEST(Train, ARunThatWasInterruptedWhileItsCostWasHighDidNotDiverge) {
  Workers workers(1);
  const std::atomic<bool> interrupt = true;
  const TrainResult result =
      train(parts_of(test::random_dataset(300, 6, 3, CellType::f32)),
            {.learning_rate = 1000, .batch_size = 20}, workers, {}, &interrupt);
  EXPECT_GT(result.train.objective, std::log(3));
  EXPECT_EQ(result.stop, StopReason::interrupted);
  EXPECT_FALSE(result.exceeded);
}

TEST(Train, ANoNumberInTheDataStopsTheRunAtItsFirstStep) {
  static const float cells[] = {1, 2, NAN, 4, 5, 6};
  DatasetParts bad{
      .name = "nan", .cells = CellType::f32, .features = 1, .labels = {0, 1, 0, 1, 0, 1}};
  for (const float& cell : cells) bad.rows.push_back(reinterpret_cast<const std::byte*>(&cell));
  bad.class_names = {"a", "b"};
  Workers workers(1);
  TrainOptions options{.preprocessing = PreprocessingKind::none, .learning_rate = 1};
  const TrainResult result = train(parts_of(Dataset(bad)), options, workers);
  EXPECT_EQ(result.stop, StopReason::diverged);
  EXPECT_EQ(result.last_step, 1U);
  EXPECT_EQ(result.steps, 0U);
}

TEST(Train, AnInterruptEndsTheRunAfterTheStepUnderWay) {
  Workers workers(1);
  const std::atomic<bool> interrupt = true;
  const TrainResult result =
      train(parts_of(test::random_dataset(50, 5, 3, CellType::f32)), {}, workers, {}, &interrupt);
  EXPECT_EQ(result.stop, StopReason::interrupted);
  EXPECT_EQ(result.steps, 1U);
}

TEST(Train, PatienceWithoutAValidationPartIsAUsageError) {
  Workers workers(1);
  EXPECT_THROW((void)train(parts_of(test::random_dataset(50, 5, 3, CellType::f32)), {.patience = 3},
                           workers),
               Error);
}

TEST(Train, StepsAreInIntegersForBytesInBatchesUnlessOneSaysOtherwise) {
  Workers workers(1);
  const auto chosen = [&](CellType cells, const TrainOptions& options) {
    const Dataset data = test::random_dataset(60, 5, 3, cells);
    return train(parts_of(data), options, workers).plan.arithmetic;
  };
  const TrainOptions batches{.batch_size = 20, .epochs = 1};
  EXPECT_EQ(chosen(CellType::u8, batches), Arithmetic::integers);
  EXPECT_EQ(chosen(CellType::f32, batches), Arithmetic::floats);
  EXPECT_EQ(chosen(CellType::u8, {.batch_size = full_batch, .epochs = 1}), Arithmetic::floats);
  EXPECT_EQ(chosen(CellType::u8, {.optimizer = {.name = "lbfgs"}, .epochs = 1}),
            Arithmetic::floats);
  TrainOptions asked = batches;
  asked.arithmetic = Arithmetic::floats;
  EXPECT_EQ(chosen(CellType::u8, asked), Arithmetic::floats);
  asked.arithmetic = Arithmetic::integers;
  EXPECT_EQ(chosen(CellType::u8, asked), Arithmetic::integers);
  EXPECT_THROW((void)chosen(CellType::f32, asked), Error);
}

TEST(Train, IntegersDescendAsFloatsDo) {
  Workers workers(0);
  const Parts parts = divide(embedded({.train = 5000, .test = 1000}));
  for (const LossKind kind : {LossKind::softmax, LossKind::hinge, LossKind::squared_hinge}) {
    TrainOptions options{.loss = {.kind = kind}, .epochs = 10};
    options.arithmetic = Arithmetic::floats;
    const TrainResult floats = train(parts, options, workers);
    options.arithmetic = Arithmetic::integers;
    const TrainResult integers = train(parts, options, workers);
    EXPECT_NE(integers.model.weights_hash(), floats.model.weights_hash());
    EXPECT_NEAR(integers.train.loss, floats.train.loss, 1e-3 * floats.train.loss) << name_of(kind);
    EXPECT_NEAR(integers.test->accuracy(), floats.test->accuracy(), 0.005) << name_of(kind);
  }
}

TEST(Train, TheEmbeddedSetIsLearnedWellAboveChance) {
  Workers workers(0);
  const Parts parts = divide(embedded({.train = 5000, .test = 1000}));
  for (const LossKind kind : {LossKind::softmax, LossKind::hinge, LossKind::squared_hinge}) {
    const TrainResult result = train(parts, {.loss = {.kind = kind}, .epochs = 15}, workers);
    EXPECT_GT(result.test->accuracy(), 0.27) << name_of(kind);
    EXPECT_GT(result.best_epoch, 0U);
  }
}

TEST(Plan, TheAutomaticRateIsBelowTheLimitOfTheCurvature) {
  const FeatureMoment moment{.largest = 100, .trace = 1000};
  const double rate = automatic_rate({}, {.l2 = 3}, 10, 1'000'000, moment, 1);
  EXPECT_LT(rate, 2 / (0.5 * 100 + 3));
  EXPECT_GT(rate, 1 / (0.5 * 100 + 3));
  EXPECT_EQ(automatic_rate({}, {.l2 = 3}, 10, 1'000'000, moment, 10), rate / 10);
  EXPECT_LT(automatic_rate({}, {}, 10, 1, moment, 1), rate);
}

TEST(Plan, FewStepsAnEpochAreMadeUpForByMoreEpochs) {
  EXPECT_EQ(automatic_epochs(176), 15U);
  EXPECT_EQ(automatic_epochs(20), 100U);
  EXPECT_EQ(automatic_epochs(1), 500U);
}

TEST(Parts, AreDisjointStratifiedAndAFunctionOfTheSeed) {
  const Dataset data = test::random_dataset(1000, 2, 4, CellType::f32);
  const Parts parts = divide({.train = data, .format = "memory"}, {.seed = 3});
  EXPECT_EQ(parts.test.size(), 200U);
  EXPECT_EQ(parts.validation.size(), 80U);
  EXPECT_EQ(parts.train.size(), 720U);
  EXPECT_EQ(parts.notes.size(), 1U);
  const Parts again = divide({.train = data, .format = "memory"}, {.seed = 3});
  EXPECT_TRUE(std::ranges::equal(again.test.rows(), parts.test.rows()));
  const Parts other = divide({.train = data, .format = "memory"}, {.seed = 4});
  EXPECT_FALSE(std::ranges::equal(other.test.rows(), parts.test.rows()));
  EXPECT_THROW((void)divide({.train = data}, {.test = 1}), Error);
}

TEST(History, ALineIsJsonEvenWhereTheLossIsNot) {
  StepTaken step{.step = 7, .epoch = 2, .examples = 70, .rate = 0.5, .gradient_norm = 1.5};
  step.measure.loss = INFINITY;
  EXPECT_EQ(history_line(step),
            R"({"step":7,"epoch":2,"examples":70,"loss":null,"objective":null,"rate":0.5,)"
            R"("gradient_norm":1.5,"finite":false})");
}

TEST(Epochs, ALineHasWhatThereIsAndNothingForAPartThatIsNot) {
  EpochEnded ended{.epoch = 2, .step = 40, .seconds = 0.25, .rate = 0.5};
  ended.training = {.loss = 1.5, .penalty = 0.25, .correct = 3, .examples = 4};
  EXPECT_EQ(epoch_line(ended),
            R"({"epoch":2,"step":40,"seconds":0.25,"rate":0.5,"loss":1.5,"objective":1.75,)"
            R"("accuracy":0.75})");
  ended.validation = Measure{.loss = INFINITY, .correct = 1, .examples = 2};
  ended.best = true;
  EXPECT_TRUE(epoch_line(ended).ends_with(
      R"("validation_loss":null,"validation_objective":null,"validation_accuracy":0.5,"best":true})"));
}

}  // namespace
}  // namespace fallline
