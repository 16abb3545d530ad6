#include <gtest/gtest.h>

#include <fallline/objective/batch_objective.hpp>
#include <fallline/objective/reference_objective.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "support/datasets.hpp"
#include "support/refusal.hpp"

namespace fallline {
namespace {

using test::indices;
using test::random_dataset;
using test::random_vector;

struct Case {
  LossKind loss;
  Penalty penalty;
  CellType cells;
  std::size_t features;
  std::size_t classes;
};

std::string describe(const testing::TestParamInfo<Case>& info) {
  const Case& c = info.param;
  std::string name(name_of(c.loss));
  std::erase(name, '-');
  return name + "_C" + std::to_string(c.classes) + "_D" + std::to_string(c.features) +
         (c.cells == CellType::u8 ? "_bytes" : "_floats") + "_" + std::to_string(info.index);
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const LossKind loss : {LossKind::softmax, LossKind::hinge, LossKind::squared_hinge})
    for (const Penalty penalty : {Penalty{}, Penalty{.l2 = 0.3}, Penalty{.l1 = 0.2}})
      for (const CellType cells : {CellType::u8, CellType::f32})
        for (const auto& [features, classes] :
             {std::pair<std::size_t, std::size_t>{1, 2}, {15, 3}, {16, 5}, {67, 10}, {130, 13}})
          all.push_back({loss, penalty, cells, features, classes});
  return all;
}

class Objective : public testing::TestWithParam<Case> {
 protected:
  Workers workers{2};
  Dataset data = random_dataset(37, GetParam().features, GetParam().classes, GetParam().cells);
  Preprocessing preprocessing = Preprocessing::fit(PreprocessingKind::feature, data, workers);
  Loss loss{.kind = GetParam().loss};
  ReferenceObjective reference{data, preprocessing, loss, GetParam().penalty};
  std::vector<std::size_t> batch{3, 0, 36, 11, 11, 20, 7};
};

/// (L(w+h) − L(w−h)) / 2h for one coordinate, in double.
double central_difference(const ReferenceObjective& objective, std::vector<double> w,
                          std::span<const std::size_t> batch, std::size_t i) {
  constexpr double h = 1e-5;
  const double at = w[i];
  w[i] = at + h;
  const double above = objective.value(w, batch).objective();
  w[i] = at - h;
  return (above - objective.value(w, batch).objective()) / (2 * h);
}

TEST_P(Objective, TheGradientInDoubleAgreesWithCentralDifferences) {
  // Random weights of this size keep every margin and weight further than h from its kink.
  const auto w = random_vector<double>(reference.parameters(), 0.3);
  std::vector<double> g(w.size());
  (void)reference.value_and_gradient(w, batch, g);
  std::vector<double> numerical(w.size());
  for (std::size_t i = 0; i < w.size(); ++i)
    numerical[i] = central_difference(reference, w, batch, i);
  EXPECT_TRUE(!(test::relative_distance(g, numerical) > 1e-7))
      << test::relative_distance(g, numerical);
}

TEST_P(Objective, TheFloatPathAgreesWithTheReference) {
  const auto wide = random_vector<double>(reference.parameters(), 0.3);
  const std::vector<float> w(wide.begin(), wide.end());
  const std::vector<double> exact(w.begin(), w.end());
  BatchObjective fast(data, preprocessing, loss, GetParam().penalty, workers);
  std::vector<float> g(w.size());
  std::vector<double> expected(w.size());
  const Measure found = fast.value_and_gradient(w, batch, g);
  const Measure wanted = reference.value_and_gradient(exact, batch, expected);
  EXPECT_TRUE(std::abs(found.objective() - wanted.objective()) <= 1e-5 * wanted.objective());
  EXPECT_EQ(found.correct, wanted.correct);
  const double distance = test::relative_distance(g, expected);
  EXPECT_TRUE(distance <= 1e-5) << distance;
  EXPECT_EQ(fast.value(w, batch).objective(), found.objective());
}

INSTANTIATE_TEST_SUITE_P(EveryLoss, Objective, testing::ValuesIn(cases()), describe);

TEST(BatchObjective, BadlyScaledFloatsLoseNothing) {
  Workers workers(1);
  // A mean 1e5 times the deviation: folding the mean into W would cancel all digits.
  const Dataset data = random_dataset(50, 20, 3, CellType::f32, 7, 1e3, 1e-2);
  const Preprocessing fitted = Preprocessing::fit(PreprocessingKind::feature, data, workers);
  BatchObjective fast(data, fitted, {}, {}, workers);
  const ReferenceObjective reference(data, fitted, {}, {});
  const auto w = random_vector<float>(fast.parameters(), 0.3);
  std::vector<float> g(w.size());
  std::vector<double> expected(w.size());
  (void)fast.value_and_gradient(w, indices(50), g);
  (void)reference.value_and_gradient(std::vector<double>(w.begin(), w.end()), indices(50),
                                     expected);
  const double distance = test::relative_distance(g, expected);
  EXPECT_TRUE(distance <= 1e-5) << distance;
}

TEST(BatchObjective, InIntegersAgreesWithTheReferenceToTheirSixteenBits) {
  Workers workers(2);
  for (const Case& c : cases()) {
    if (c.cells != CellType::u8) continue;
    const Dataset data = random_dataset(37, c.features, c.classes, CellType::u8);
    const Preprocessing fitted = Preprocessing::fit(PreprocessingKind::feature, data, workers);
    const Loss loss{.kind = c.loss};
    BatchObjective integers(data, fitted, loss, c.penalty, workers, Arithmetic::integers);
    const ReferenceObjective reference(data, fitted, loss, c.penalty);
    const auto w = random_vector<float>(integers.parameters(), 0.01);
    std::vector<float> g(w.size());
    std::vector<double> expected(w.size());
    const Measure found = integers.value_and_gradient(w, indices(37), g);
    const Measure wanted = reference.value_and_gradient(std::vector<double>(w.begin(), w.end()),
                                                        indices(37), expected);
    EXPECT_TRUE(std::abs(found.objective() - wanted.objective()) <= 1e-5 * wanted.objective());
    const double distance = test::relative_distance(g, expected);
    EXPECT_TRUE(distance <= 1e-4) << name_of(c.loss) << " D " << c.features << ": " << distance;
    EXPECT_EQ(integers.value(w, indices(37)).objective(), found.objective());
  }
}

TEST(BatchObjective, RefusesIntegersWhereTheyAreNotPossible) {
  Workers workers(1);
  const auto refused = [&](const Dataset& data, Preprocessing preprocessing) {
    const Error error = test::refusal(
        [&] { BatchObjective(data, preprocessing, {}, {}, workers, Arithmetic::integers); });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return std::string(error.what());
  };
  const auto says = [](const std::string& message, const char* words) {
    EXPECT_NE(message.find(words), std::string::npos) << message;
  };
  says(refused(random_dataset(4, 3, 2, CellType::f32), Preprocessing::identity(3)), "floats");
  says(refused(random_dataset(2, 16385, 2, CellType::u8), Preprocessing::identity(16385)),
       "16385 features are more than the 16384");
  Preprocessing beyond = Preprocessing::identity(3);
  beyond.mean[1] = 256;
  says(refused(random_dataset(4, 3, 2, CellType::u8), beyond), "mean");
}

TEST(BatchObjective, WideRowsAreTakenAFewAtATimeAndAddUp) {
  // 16 of these rows are 10 MB: a batch of 40 has three parts.
  constexpr std::size_t features = 160'001;
  Workers workers(2);
  const Dataset data = random_dataset(40, features, 2, CellType::f32);
  EXPECT_LE(BatchObjective::working_bytes(features, 2, CellType::f32, 2), 16U << 20);
  BatchObjective fast(data, Preprocessing::identity(features), {}, {}, workers);
  const ReferenceObjective reference(data, Preprocessing::identity(features), {}, {});
  const auto w = random_vector<float>(fast.parameters(), 1e-3);
  std::vector<float> g(w.size());
  std::vector<double> expected(w.size());
  const Measure found = fast.value_and_gradient(w, indices(40), g);
  const Measure wanted =
      reference.value_and_gradient(std::vector<double>(w.begin(), w.end()), indices(40), expected);
  EXPECT_TRUE(std::abs(found.loss - wanted.loss) <= 1e-5 * wanted.loss);
  const double distance = test::relative_distance(g, expected);
  EXPECT_TRUE(distance <= 1e-5) << distance;
}

TEST(BatchObjective, TheBitsDoNotDependOnTheThreads) {
  const Dataset data = random_dataset(3000, 700, 10, CellType::u8);
  std::vector<std::vector<float>> gradients;
  for (const std::size_t threads : {1U, 2U, 3U, 7U}) {
    Workers workers(threads);
    BatchObjective objective(data, Preprocessing::identity(700), {}, {.l2 = 0.1}, workers);
    const auto w = random_vector<float>(objective.parameters(), 1e-3);
    std::vector<float> g(w.size());
    (void)objective.value_and_gradient(w, indices(3000), g);
    gradients.push_back(g);
  }
  for (const auto& g : gradients) EXPECT_EQ(g, gradients.front());
}

TEST(BatchObjective, TheBiasIsTheWeightOfAFeatureThatIsAlwaysOne) {
  Workers workers(1);
  const Dataset plain = random_dataset(40, 6, 3, CellType::f32);
  auto cells = std::make_shared<std::vector<float>>();
  DatasetParts parts{.name = "with ones", .cells = CellType::f32, .features = 7};
  cells->resize(40 * 7, 1.0F);
  for (std::size_t i = 0; i < 40; ++i) {
    plain.copy_row(i, std::span(*cells).subspan(i * 7, 6));
    parts.rows.push_back(reinterpret_cast<const std::byte*>(cells->data() + i * 7));
  }
  parts.labels.assign(plain.labels().begin(), plain.labels().end());
  parts.class_names = plain.class_names();
  parts.storage = {cells};
  const Dataset tricked(parts);

  BatchObjective with_bias(plain, Preprocessing::identity(6), {}, {}, workers);
  BatchObjective with_ones(tricked, Preprocessing::identity(7), {}, {}, workers);
  const auto w = random_vector<float>(3 * 7, 0.5);
  // W row by row then b, against rows that end in the bias and a zero b.
  std::vector<float> moved(3 * 8, 0.0F);
  for (std::size_t c = 0; c < 3; ++c) {
    std::copy_n(w.begin() + std::ptrdiff_t(c) * 6, 6, moved.begin() + std::ptrdiff_t(c) * 7);
    moved[c * 7 + 6] = w[18 + c];
  }
  std::vector<float> g(w.size());
  std::vector<float> moved_g(moved.size());
  const double loss = with_bias.value_and_gradient(w, indices(40), g).loss;
  EXPECT_NEAR(with_ones.value_and_gradient(moved, indices(40), moved_g).loss, loss, 1e-6 * loss);
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t d = 0; d < 6; ++d) EXPECT_NEAR(moved_g[c * 7 + d], g[c * 6 + d], 1e-6);
    EXPECT_NEAR(moved_g[c * 7 + 6], g[18 + c], 1e-6);
  }
}

TEST(BatchObjective, CopiesOfTheExamplesLeaveTheMeanLossAndGradientAlone) {
  Workers workers(1);
  const Dataset data = random_dataset(10, 30, 4, CellType::u8);
  BatchObjective objective(data, Preprocessing::identity(30), {.kind = LossKind::hinge}, {},
                           workers);
  const auto w = random_vector<float>(objective.parameters(), 1e-2);
  std::vector<std::size_t> copies;
  for (std::size_t k = 0; k < 120; ++k)
    for (std::size_t i = 0; i < 10; ++i) copies.push_back(i);
  std::vector<float> once(w.size());
  std::vector<float> often(w.size());
  const double loss = objective.value_and_gradient(w, indices(10), once).loss;
  EXPECT_NEAR(objective.value_and_gradient(w, copies, often).loss, loss, 1e-6 * loss);
  EXPECT_TRUE(test::relative_distance(once, often) <= 1e-5);
}

}  // namespace
}  // namespace fallline
