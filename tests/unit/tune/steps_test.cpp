#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/objective/batch_objective.hpp>
#include <fallline/objective/reference_objective.hpp>
#include <fallline/tune/steps.hpp>

#include "support/datasets.hpp"

namespace fallline::tune {
namespace {

constexpr Penalty both{.l2 = 0.01, .l1 = 0.001};

/// A point, the gradient there in float, and the reference that measures any other point.
struct Line {
  Line(const Dataset& d, LossKind kind, Workers& workers)
      : data(d),
        preprocessing(Preprocessing::fit(PreprocessingKind::feature, d, workers)),
        loss{.kind = kind},
        w(test::random_vector<float>(d.classes() * (d.features() + 1), 0.1)),
        g(w.size()) {
    BatchObjective objective(data, preprocessing, loss, both, workers);
    (void)objective.value_and_gradient(w, test::indices(data.size()), g);
  }

  [[nodiscard]] Measure reference(double rate) const {
    std::vector<double> reached(w.size());
    for (std::size_t i = 0; i < w.size(); ++i)
      reached[i] = static_cast<double>(w[i]) - rate * static_cast<double>(g[i]);
    return ReferenceObjective(data, preprocessing, loss, both)
        .value(reached, test::indices(data.size()));
  }

  [[nodiscard]] std::vector<Measure> measure(std::span<const double> rates,
                                             Workers& workers) const {
    return measure_steps(data, preprocessing, loss, both, w, g, rates, workers);
  }

  Dataset data;
  Preprocessing preprocessing;
  Loss loss;
  std::vector<float> w;
  std::vector<float> g;
};

TEST(Steps, AlongTheLineAreTheObjectiveAtThePointsReachedForEveryLossAndRate) {
  Workers workers(2);
  const std::vector<double> rates = rates_between(1e-10, 1e3, 1);
  for (const CellType cells : {CellType::u8, CellType::f32})
    for (const LossKind kind : {LossKind::softmax, LossKind::hinge, LossKind::squared_hinge}) {
      const Line line(test::random_dataset(1500, 19, 7, cells), kind, workers);
      const std::vector<Measure> found = line.measure(rates, workers);
      ASSERT_EQ(found.size(), rates.size());
      for (std::size_t r = 0; r < rates.size(); ++r) {
        const Measure wanted = line.reference(rates[r]);
        // f − α s rounds to 2⁻²⁴ of its terms; D = 19 terms in each of f and s.
        EXPECT_LE(std::abs(found[r].loss - wanted.loss), 1e-5 * wanted.loss)
            << name_of(kind) << " " << rates[r];
        EXPECT_LE(std::abs(found[r].penalty - wanted.penalty), 1e-12 * wanted.penalty);
        EXPECT_EQ(found[r].examples, 1500U);
        EXPECT_LE(std::abs(found[r].accuracy() - wanted.accuracy()), 2.0 / 1500);
      }
    }
}

TEST(Steps, AtRateZeroNothingHasMoved) {
  Workers workers(1);
  const Line line(test::random_dataset(333, 8, 3, CellType::f32), LossKind::softmax, workers);
  const double rates[] = {0, 1};
  BatchObjective objective(line.data, line.preprocessing, line.loss, both, workers);
  const Measure before = objective.value(line.w, test::indices(333));
  const std::vector<Measure> found = line.measure(rates, workers);
  EXPECT_EQ(found[0].correct, before.correct);
  EXPECT_LE(std::abs(found[0].objective() - before.objective()), 1e-6 * before.objective());
  EXPECT_NE(found[1].objective(), found[0].objective());
}

TEST(Steps, TheSameBitsForAnyNumberOfWorkers) {
  Workers one(1);
  Workers many(5);
  const Line line(test::random_dataset(2777, 12, 4, CellType::u8), LossKind::hinge, one);
  const std::vector<double> rates = rates_between(1e-4, 1, 3);
  const std::vector<Measure> a = line.measure(rates, one);
  const std::vector<Measure> b = line.measure(rates, many);
  for (std::size_t r = 0; r < rates.size(); ++r) {
    EXPECT_EQ(a[r].loss, b[r].loss);
    EXPECT_EQ(a[r].penalty, b[r].penalty);
    EXPECT_EQ(a[r].correct, b[r].correct);
  }
}

TEST(Rates, AreGeometricBothEndsIncludedAndShortInPrint) {
  EXPECT_EQ(rates_between(1e-10, 1e-1, 1),
            (std::vector<double>{1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1}));
  EXPECT_EQ(rates_between(0.01, 0.1, 3), (std::vector<double>{0.01, 0.0215443, 0.0464159, 0.1}));
  EXPECT_EQ(rates_between(0.3, 0.3, 5), (std::vector<double>{0.3}));
}

TEST(Rates, WhatIsNoRangeIsRefused) {
  for (const auto& [from, to] :
       {std::pair{0.0, 1.0}, {1.0, 0.1}, {-1.0, 1.0}, {1e-3, INFINITY}, {std::nan(""), 1.0}})
    EXPECT_THROW((void)rates_between(from, to, 1), Error) << from << " " << to;
  EXPECT_THROW((void)rates_between(0.1, 1, 0), Error);
  EXPECT_THROW((void)rates_between(0.1, 1, 101), Error);
}

}  // namespace
}  // namespace fallline::tune
