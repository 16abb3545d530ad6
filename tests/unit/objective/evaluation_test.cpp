#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/objective/curvature.hpp>
#include <fallline/objective/evaluation.hpp>
#include <numeric>

#include "support/datasets.hpp"

namespace fallline {
namespace {

/// A model whose scores are the first three features themselves.
Classifier identity_model() {
  Linear<float> linear(3, 3);
  linear.weights().setIdentity();
  Classifier model{.network = Network(3, 3)};
  model.parameters.assign(linear.parameters().begin(), linear.parameters().end());
  model.preprocessing = Preprocessing::identity(3);
  model.schema.class_names = {"x", "y", "z"};
  return model;
}

/// Four examples: right, second best, worst, and a tie that the first class wins.
Dataset four() {
  static const float cells[] = {5, 1, 0, 3, 2, 1, 9, 8, 7, 1, 1, 0};
  DatasetParts parts{.name = "four", .cells = CellType::f32, .features = 3};
  for (int i = 0; i < 4; ++i)
    parts.rows.push_back(reinterpret_cast<const std::byte*>(cells + 3 * i));
  parts.labels = {0, 1, 2, 1};
  parts.class_names = {"x", "y", "z"};
  return Dataset(parts);
}

TEST(Evaluation, ByHand) {
  Workers workers(1);
  const Evaluation e = evaluate(identity_model(), four(), workers, 2);
  EXPECT_EQ(e.correct, 1U);
  EXPECT_EQ(e.correct_top_k, 3U);
  EXPECT_EQ(e.confusion.matrix(),
            (std::vector<std::vector<std::size_t>>{{1, 0, 0}, {2, 0, 0}, {1, 0, 0}}));
  EXPECT_EQ(e.of_class(0).precision(), 0.25);
  EXPECT_EQ(e.of_class(0).recall(), 1.0);
  EXPECT_EQ(e.of_class(1).recall(), 0.0);
  EXPECT_EQ(e.of_class(2).precision(), std::nullopt) << "nothing was predicted to be z";
  EXPECT_EQ(e.of_class(2).recall(), 0.0);
  const double loss = std::log(1 + std::exp(-4.) + std::exp(-5.)) +
                      std::log(1 + std::exp(1.) + std::exp(-1.)) +
                      std::log(1 + std::exp(2.) + std::exp(1.)) + std::log(2 + std::exp(-1.));
  EXPECT_NEAR(e.loss, loss / 4, 1e-6);
}

TEST(Evaluation, AClassWithoutExamplesHasNeitherPrecisionNorRecall) {
  EXPECT_EQ((ClassFigures{.examples = 0, .predicted = 3, .correct = 0}.precision()), std::nullopt);
  EXPECT_EQ((ClassFigures{.examples = 0, .predicted = 0, .correct = 0}.recall()), std::nullopt);
  EXPECT_EQ((ClassFigures{.examples = 2, .predicted = 4, .correct = 0}.precision()), 0.0);
  EXPECT_EQ((ClassFigures{.examples = 2, .predicted = 0, .correct = 0}.precision()), std::nullopt);
  EXPECT_EQ((ClassFigures{.examples = 2, .predicted = 0, .correct = 0}.recall()), 0.0);
}

TEST(Evaluation, TheMajorityShareIsThatOfTheMostFrequentClass) {
  Workers workers(1);
  const Evaluation e = evaluate(identity_model(), four(), workers, 2);
  EXPECT_EQ(e.majority_class, 1U);
  EXPECT_EQ(e.majority_share(), 0.5);
  EXPECT_EQ(e.majority_error(), 0.25);
  EXPECT_EQ(e.classes, 3U);
  EXPECT_TRUE(e.has_top_k());
  EXPECT_FALSE(evaluate(identity_model(), four(), workers, 3).has_top_k()) << "all there are";
}

TEST(Evaluation, ANearTieWithTheMajorityBeatsNothingAndIsSaid) {
  const auto of = [](std::size_t examples, std::size_t majority, std::size_t correct) {
    return Evaluation{.examples = examples, .correct = correct, .majority = majority};
  };
  const std::vector<std::string> names{"ok", "defect"};
  EXPECT_FALSE(of(1000, 980, 981).beats_majority());
  EXPECT_FALSE(of(1000, 980, 980).beats_majority());
  EXPECT_FALSE(of(1000, 980, 900).beats_majority());
  EXPECT_TRUE(of(1000, 980, 985).beats_majority()) << "the standard error is 0.44 %";
  EXPECT_TRUE(of(1000, 1000, 900).beats_majority()) << "of one class alone nothing could";
  EXPECT_TRUE(of(2, 1, 2).beats_majority());
  EXPECT_TRUE(of(0, 0, 0).beats_majority());
  const auto note = majority_note(of(1000, 980, 981), names, "test");
  ASSERT_TRUE(note);
  for (const char* word : {"98.10 %", "98.00 %", "'ok'", "0.44 %", "the test part"})
    EXPECT_NE(note->find(word), std::string::npos) << *note;
  EXPECT_NE(majority_note(of(1000, 980, 9), names, "all")->find("all examples"), std::string::npos);
  EXPECT_EQ(majority_note(of(1000, 980, 999), names, "test"), std::nullopt);
}

TEST(Evaluation, TheSameFiguresForAnyNumberOfWorkers) {
  const Dataset data = test::random_dataset(5000, 3, 3, CellType::f32);
  Classifier model = identity_model();
  model.schema.class_names = data.class_names();
  Workers one(1);
  Workers many(4);
  const Evaluation a = evaluate(model, data, one);
  const Evaluation b = evaluate(model, data, many);
  EXPECT_EQ(a.loss, b.loss);
  EXPECT_EQ(a.confusion, b.confusion);
  std::size_t total = 0;
  for (const Confusion::Pair& pair : a.confusion.pairs()) total += pair.examples;
  EXPECT_EQ(total, data.size());
}

TEST(Evaluation, ClassesAreMatchedByNameAndWhatDoesNotFitIsRefused) {
  Workers workers(1);
  Classifier model = identity_model();
  EXPECT_THROW((void)evaluate(model, test::random_dataset(5, 4, 3, CellType::f32), workers), Error);
  EXPECT_THROW((void)evaluate(model, test::random_dataset(5, 3, 3, CellType::f32), workers), Error);
  model.schema.class_names = {"z", "y", "x"};
  EXPECT_EQ(evaluate(model, four(), workers).correct, 1U) << "z is now the first score";
}

TEST(Predict, VisitsInOrderWithProbabilitiesThatSumToOne) {
  Workers workers(2);
  const Dataset data = test::random_dataset(2500, 3, 3, CellType::f32);
  std::size_t next = 0;
  predict(identity_model(), data, workers, [&](const Prediction& p) {
    EXPECT_EQ(p.example, next++);
    const double sum = std::accumulate(p.probabilities.begin(), p.probabilities.end(), 0.0);
    EXPECT_NEAR(sum, 1, 1e-6);
    for (const float score : p.scores) EXPECT_LE(score, p.scores[p.predicted]);
  });
  EXPECT_EQ(next, 2500U);
}

TEST(FeatureMoment, OfIndependentFeaturesIsOneAndTheTraceCountsThem) {
  Workers workers(2);
  const Dataset data = test::random_dataset(1000, 20, 2, CellType::f32);
  const Preprocessing fitted = Preprocessing::fit(PreprocessingKind::feature, data, workers);
  const FeatureMoment moment = feature_moment(data, fitted, workers);
  EXPECT_NEAR(moment.trace, 21, 0.1);
  // 20 features share one direction of spread 0.7/2 each; the rest is noise about 1.
  EXPECT_GT(moment.largest, 1.0);
  EXPECT_LT(moment.largest, 6.0);
}

TEST(FeatureMoment, OfOneFeatureIsItsMeanSquareOrTheBias) {
  Workers workers(1);
  const Dataset data = test::random_dataset(500, 1, 2, CellType::f32, 7, 0, 10);
  const FeatureMoment moment = feature_moment(data, Preprocessing::identity(1), workers);
  double square = 0;
  double mean = 0;
  for (std::size_t i = 0; i < 500; ++i) {
    square += std::pow(data.cell(i, 0), 2) / 500;
    mean += data.cell(i, 0) / 500;
  }
  // The larger eigenvalue of ((square, mean), (mean, 1)).
  const double half = (square + 1) / 2;
  EXPECT_NEAR(moment.largest, half + std::sqrt(half * half - square + mean * mean), 1e-3 * square);
}

}  // namespace
}  // namespace fallline
