#include <gtest/gtest.h>

#include <algorithm>
#include <fallline/data/parts.hpp>
#include <fallline/error.hpp>
#include <fallline/objective/evaluation.hpp>
#include <fallline/objective/mistakes.hpp>
#include <fallline/train/train.hpp>
#include <tuple>

#include "support/datasets.hpp"
#include "support/refusal.hpp"

namespace fallline {
namespace {

Classifier trained(const Dataset& data, LossKind loss) {
  Workers workers(1);
  return train({.train = data}, {.loss = {.kind = loss}, .epochs = 2}, workers).model;
}

/// All mistakes, sorted.
std::vector<Mistake> all_mistakes(const Classifier& model, const Dataset& data) {
  Workers workers(1);
  std::vector<Mistake> all;
  predict(model, data, workers, [&](const Prediction& p) {
    const auto label = static_cast<std::size_t>(data.labels()[p.example]);
    if (p.predicted == label) return;
    const double sure = p.probabilities.empty()
                            ? double{p.scores[p.predicted]} - double{p.scores[label]}
                            : double{p.probabilities[p.predicted]};
    all.push_back(
        {.example = p.example, .label = label, .predicted = p.predicted, .confidence = sure});
  });
  std::ranges::sort(all, [](const Mistake& a, const Mistake& b) {
    return std::tuple(-a.confidence, a.example) < std::tuple(-b.confidence, b.example);
  });
  return all;
}

TEST(Mistakes, TheSurestAreTheFirstOfAllSortedForAnyNumberOfWorkers) {
  const Dataset data = test::random_dataset(3000, 6, 4, CellType::f32);
  for (const LossKind loss : {LossKind::softmax, LossKind::hinge}) {
    const Classifier model = trained(data, loss);
    const std::vector<Mistake> all = all_mistakes(model, data);
    ASSERT_GT(all.size(), 12U);
    for (const std::size_t threads : {1U, 3U}) {
      Workers workers(threads);
      const Mistakes found = most_confidently_wrong(model, data, 12, workers);
      EXPECT_EQ(found.examples, 3000U);
      EXPECT_EQ(found.wrong, all.size());
      EXPECT_EQ(found.probabilities, loss == LossKind::softmax);
      ASSERT_EQ(found.surest.size(), 12U);
      for (std::size_t i = 0; i < 12; ++i) {
        EXPECT_EQ(found.surest[i].example, all[i].example);
        EXPECT_EQ(found.surest[i].predicted, all[i].predicted);
        EXPECT_EQ(found.surest[i].confidence, all[i].confidence);
      }
    }
  }
}

TEST(Mistakes, FewerThanAskedForAreAllThereAre) {
  const Dataset data = test::random_dataset(40, 6, 4, CellType::f32);
  const Classifier model = trained(data, LossKind::softmax);
  Workers workers(1);
  const Mistakes found = most_confidently_wrong(model, data, 1000, workers);
  EXPECT_EQ(found.surest.size(), found.wrong);
  EXPECT_TRUE(most_confidently_wrong(model, data, 0, workers).surest.empty());
}

TEST(Mistakes, DataThatDoNotFitTheModelAreRefused) {
  const Classifier model =
      trained(test::random_dataset(40, 6, 4, CellType::f32), LossKind::softmax);
  Workers workers(1);
  const Dataset wider = test::random_dataset(40, 7, 4, CellType::f32);
  EXPECT_EQ(test::refusal([&] { return most_confidently_wrong(model, wider, 5, workers); }).kind(),
            ErrorKind::bad_input);
}

}  // namespace
}  // namespace fallline
