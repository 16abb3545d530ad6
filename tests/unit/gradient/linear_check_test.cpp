#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/gradient/linear_check.hpp>
#include <fallline/objective/reference_objective.hpp>
#include <vector>

#include "gradient/along_score.hpp"
#include "gradient/linear_problem.hpp"
#include "support/datasets.hpp"
#include "support/every_loss.hpp"
#include "support/refusal.hpp"

namespace fallline {
namespace {

struct Case {
  explicit Case(CellType cells, std::size_t n = 90, std::size_t features = 70)
      : data(test::random_dataset(n, features, 4, cells)),
        preprocessing(Preprocessing::fit(PreprocessingKind::feature, data, workers)),
        w(test::random_vector<float>(4 * (features + 1), 0.1)) {}

  [[nodiscard]] LinearGradientCheck check(const Loss& loss, const Penalty& penalty,
                                          const GradientCheckOptions& options = {}) {
    return check_linear_gradient(data, preprocessing, loss, penalty, w, options, workers);
  }

  Workers workers{2};
  Dataset data;
  Preprocessing preprocessing;
  std::vector<float> w;
};

TEST(AlongScore, DifferencesAreThoseOfTheLoss) {
  const auto f = test::random_vector<double>(5, 1);
  for (const LossKind kind : test::every_loss) {
    const Loss loss{.kind = kind};
    AlongScore along(loss, 5);
    for (std::size_t y = 0; y < 5; ++y) {
      along.set(f, y);
      for (std::size_t j = 0; j < 5; ++j)
        for (const double t : {1e-3, -0.1, 2.0, 0.0}) {
          const auto at = [&](double shift) {
            std::vector<double> moved = f;
            moved[j] += shift;
            return loss(std::span<const double>(moved), y);
          };
          const double wanted = at(t) - at(-t);
          const double found = along.difference(j, t, std::exp(t), std::exp(-t));
          EXPECT_LE(std::abs(found - wanted), 1e-13 * (1 + at(t) + at(-t)))
              << name_of(kind) << " y " << y << " j " << j << " t " << t;
        }
    }
  }
}

TEST(AlongScore, AKinkIsAMarginThatChangesItsSign) {
  AlongScore along({.kind = LossKind::hinge}, 3);
  const std::vector<double> f{0, -0.9, -3};  // margins 0.1 and -2
  along.set(f, 0);
  EXPECT_TRUE(along.kink(1, 0.2));
  EXPECT_TRUE(along.kink(1, -0.2));
  EXPECT_TRUE(along.kink(0, 0.2)) << "the own score moves every margin";
  EXPECT_FALSE(along.kink(1, 0.05));
  EXPECT_FALSE(along.kink(2, 0.2));
  AlongScore smooth({.kind = LossKind::softmax}, 3);
  smooth.set(f, 0);
  EXPECT_FALSE(smooth.kink(1, 10));
}

TEST(LinearProblem, ItsGradientIsThatOfTheReference) {
  for (const CellType cells : {CellType::u8, CellType::f32})
    for (const LossKind kind : test::every_loss) {
      Case c(cells);
      const Penalty penalty{.l2 = 0.1, .l1 = 0.02};
      const ReferenceObjective reference(c.data, c.preprocessing, {.kind = kind}, penalty);
      std::vector<double> wanted(c.w.size());
      const Measure measure = reference.value_and_gradient(
          std::vector<double>(c.w.begin(), c.w.end()), test::indices(90), wanted);
      const LinearProblem problem(c.data, c.preprocessing, {.kind = kind}, penalty, c.w, c.workers);
      EXPECT_LE(std::abs(problem.mean_loss() - measure.loss), 1e-12 * measure.loss);
      std::vector<std::size_t> all = test::indices(71);
      Table found = problem.gradient(all);
      for (std::size_t f = 0; f < all.size(); ++f)
        for (std::size_t j = 0; j < 4; ++j)
          ASSERT_LE(std::abs(found(f, j) - wanted[problem.index(f, j)]), 1e-13)
              << name_of(kind) << " feature " << f << " class " << j;
    }
}

TEST(LinearGradientCheck, PassesForEveryLossAndPenalty) {
  for (const CellType cells : {CellType::u8, CellType::f32})
    for (const LossKind kind : test::every_loss)
      for (const Penalty& penalty : {Penalty{}, Penalty{.l2 = 0.3}, Penalty{.l1 = 0.2}}) {
        Case c(cells);
        const LinearGradientCheck found = c.check({.kind = kind}, penalty);
        EXPECT_EQ(found.check.verdict(), Verdict::pass) << name_of(kind);
        EXPECT_EQ(found.check.all.checked, c.w.size());
        EXPECT_EQ(found.check.all.failed, 0U);
        EXPECT_LE(found.check.all.worst.error, 1e-6);
        EXPECT_GE(found.check.all.passed, c.w.size() - 10);
        EXPECT_LE(found.float_kernels, 1e-5);
        if (cells == CellType::u8)
          EXPECT_LE(found.integer_kernels, 1e-3);
        else
          EXPECT_TRUE(std::isnan(found.integer_kernels));
        EXPECT_GT(found.naive_seconds(), 0);
      }
}

TEST(LinearGradientCheck, AStepThatSpansKinksIsInconclusiveNotFailed) {
  Case c(CellType::f32);
  const LinearGradientCheck found = c.check({.kind = LossKind::hinge}, {}, {.step = 3});
  EXPECT_EQ(found.check.verdict(), Verdict::inconclusive);
  EXPECT_EQ(found.check.all.failed, 0U);
  EXPECT_GT(found.check.all.kinks, c.w.size() / 2);
  // Without kinks a step as large is an error of the differences, and seen.
  EXPECT_EQ(c.check({.kind = LossKind::softmax}, {}, {.step = 3}).check.verdict(), Verdict::fail);
}

TEST(LinearGradientCheck, SomeFeaturesAreCheckedForAllClassesAndTheBiasAlways) {
  Case c(CellType::u8);
  const LinearGradientCheck found = c.check({}, {}, {.coordinates = 10, .worst = 100});
  EXPECT_EQ(found.check.blocks[0].checked, 12U);
  EXPECT_EQ(found.check.blocks[1].checked, 4U);
  EXPECT_EQ(found.check.worst.size(), 16U);
}

TEST(LinearGradientCheck, TheThreadsDoNotMatterAndItStopsWhenAsked) {
  Case c(CellType::u8, 90, 300);
  const auto run = [&](std::size_t threads, double until) {
    Workers workers(threads);
    return check_linear_gradient(c.data, c.preprocessing, {}, {}, c.w, {.worst = 2000}, workers,
                                 [until](double share) { return share < until; });
  };
  const GradientCheck one = run(1, 2).check;
  const GradientCheck three = run(3, 2).check;
  ASSERT_EQ(one.worst.size(), three.worst.size());
  for (std::size_t i = 0; i < one.worst.size(); ++i) {
    EXPECT_EQ(one.worst[i].index, three.worst[i].index);
    EXPECT_EQ(one.worst[i].numerical, three.worst[i].numerical);
    EXPECT_EQ(one.worst[i].analytic, three.worst[i].analytic);
  }
  const std::size_t some = run(1, 0.1).check.all.checked;
  EXPECT_GT(some, 0U);
  EXPECT_LT(some, one.all.checked);
}

TEST(LinearGradientCheck, RefusesWhatItCannotCheck) {
  Case c(CellType::f32);
  const auto refused = [&](const GradientCheckOptions& options, std::size_t weights) {
    return test::refusal([&] {
             return check_linear_gradient(c.data, c.preprocessing, {}, {},
                                          std::vector<float>(weights), options, c.workers);
           })
        .kind();
  };
  EXPECT_EQ(refused({}, 5), ErrorKind::usage);
  EXPECT_EQ(refused({.scheme = Scheme::ridders}, c.w.size()), ErrorKind::usage);
  EXPECT_EQ(refused({.tolerance = 2}, c.w.size()), ErrorKind::usage);
}

}  // namespace
}  // namespace fallline
