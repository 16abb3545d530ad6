#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/gradient/check.hpp>
#include <fallline/objective/reference_objective.hpp>
#include <functional>
#include <string>
#include <vector>

#include "support/datasets.hpp"
#include "support/every_loss.hpp"
#include "support/refusal.hpp"
#include "support/same_bits.hpp"

namespace fallline {
namespace {

using Function = std::function<double(std::span<const double>)>;

/// A linear classifier on a small set, its gradient by the formulas.
struct Problem {
  explicit Problem(LossKind kind, Penalty p = {})
      : objective(data, Preprocessing::identity(features), {.kind = kind}, p), gradient(w.size()) {
    (void)objective.value_and_gradient(w, batch, gradient);
  }

  [[nodiscard]] GradientCheck check(const GradientCheckOptions& options = {}) {
    const Function f = [this](std::span<const double> at) {
      return objective.value(at, batch).objective();
    };
    return check_gradient(f, w, gradient, options, blocks);
  }

  static constexpr std::size_t features = 7;
  static constexpr std::size_t classes = 4;
  std::vector<std::size_t> batch = test::indices(30);
  Dataset data = test::random_dataset(30, features, classes, CellType::f32);
  std::vector<double> w = test::random_vector<double>(classes * (features + 1), 0.3);
  std::vector<ParameterBlock> blocks{{"W", 0, classes* features},
                                     {"b", classes* features, classes}};
  ReferenceObjective objective;
  std::vector<double> gradient;
};

constexpr Penalty every_penalty[] = {{}, {.l2 = 0.3}, {.l1 = 0.2}, {.l2 = 0.1, .l1 = 0.1}};

TEST(GradientCheck, PassesForEveryLossAndPenalty) {
  for (const LossKind kind : test::every_loss)
    for (const Penalty& penalty : every_penalty)
      for (const Scheme scheme : {Scheme::central, Scheme::forward, Scheme::ridders}) {
        // Ridders' first steps span kinks of the hinges; forward differences have fewer digits.
        if (scheme != Scheme::central && kind != LossKind::softmax) continue;
        if (scheme == Scheme::ridders && penalty.l1 != 0) continue;
        Problem problem(kind, penalty);
        const std::vector<double> before = problem.w;
        const GradientCheck found = problem.check({.scheme = scheme});
        EXPECT_EQ(found.verdict(), Verdict::pass)
            << name_of(kind) << " " << name_of(scheme) << " " << found.all.worst.error;
        EXPECT_EQ(found.all.failed, 0U);
        EXPECT_GE(found.all.passed, problem.w.size() - 3);
        EXPECT_LE(found.all.worst.error, 1e-6);
        EXPECT_TRUE(test::same_bits(problem.w, before));
      }
}

struct Mistake {
  const char* name;
  std::function<void(Problem&)> make;
};

/// Where the gradient of `right` is changed, weighted by how much of it that is.
TEST(GradientCheck, ElevenWrongGradientsFailAndTheWorstCoordinateIsNamed) {
  const std::size_t weights = Problem::classes * Problem::features;
  const Mistake mistakes[] = {
      {"the sign",
       [](Problem& p) {
         for (double& g : p.gradient) g = -g;
       }},
      {"a factor of two",
       [](Problem& p) {
         for (double& g : p.gradient) g *= 2;
       }},
      {"a thousandth",
       [](Problem& p) {
         for (double& g : p.gradient) g *= 1.001;
       }},
      {"a sum for a mean",
       [](Problem& p) {
         for (double& g : p.gradient) g *= 30;
       }},
      {"one coordinate", [](Problem& p) { p.gradient[11] += 1e-3; }},
      {"one coordinate's sign", [](Problem& p) { p.gradient[5] = -p.gradient[5]; }},
      {"the bias forgotten",
       [](Problem& p) {
         for (std::size_t c = 0; c < Problem::classes; ++c) p.gradient[weights + c] = 0;
       }},
      {"the penalty forgotten",
       [](Problem& p) {
         for (std::size_t i = 0; i < weights; ++i) p.gradient[i] -= 0.3 * p.w[i];
       }},
      {"the penalty without its half",
       [](Problem& p) {
         for (std::size_t i = 0; i < weights; ++i) p.gradient[i] += 0.3 * p.w[i];
       }},
      {"two classes exchanged",
       [](Problem& p) {
         std::swap_ranges(p.gradient.begin(), p.gradient.begin() + Problem::features,
                          p.gradient.begin() + Problem::features);
       }},
      {"not a number", [](Problem& p) { p.gradient[3] = NAN; }},
  };
  for (const LossKind kind : test::every_loss)
    for (const Mistake& mistake : mistakes) {
      Problem problem(kind, {.l2 = 0.3});
      const std::vector<double> right = problem.gradient;
      mistake.make(problem);
      const GradientCheck found = problem.check();
      EXPECT_EQ(found.verdict(), Verdict::fail) << name_of(kind) << ": " << mistake.name;
      // The worst by the formula, worked out from the right gradient.
      std::size_t worst = 0;
      double error = -1;
      for (std::size_t i = 0; i < right.size(); ++i) {
        const double scale = std::max(std::abs(right[i]), std::abs(problem.gradient[i]));
        const double here = scale == 0 ? 0 : std::abs(right[i] - problem.gradient[i]) / scale;
        if (!(here <= error + 1e-6) && !std::isnan(error)) {
          worst = i;
          error = here;
        }
      }
      ASSERT_FALSE(found.worst.empty());
      const CheckedCoordinate& named = found.worst.front();
      EXPECT_TRUE(named.index == worst || std::abs(named.error - error) <= 1e-5)
          << name_of(kind) << ": " << mistake.name << " " << named.index << " for " << worst;
      EXPECT_EQ(named.verdict, Verdict::fail);
    }
}

TEST(GradientCheck, AMistakeIsFoundInItsOwnBlock) {
  Problem problem(LossKind::softmax);
  problem.gradient.back() += 0.01;
  const GradientCheck found = problem.check();
  EXPECT_EQ(found.blocks[0].verdict(), Verdict::pass);
  EXPECT_EQ(found.blocks[1].verdict(), Verdict::fail);
  EXPECT_EQ(found.blocks[1].worst.index, problem.w.size() - 1);
}

TEST(GradientCheck, AtAKinkItIsInconclusiveNotFailed) {
  // Two classes, equal scores but for the margin: w·x differs by exactly Δ.
  const Function hinge = [](std::span<const double> w) { return std::max(0.0, w[0] - 1); };
  for (const double gradient : {0.0, 0.25, 1.0}) {
    std::vector<double> w{1};
    const GradientCheck found = check_gradient(hinge, w, std::vector{gradient});
    EXPECT_EQ(found.verdict(), Verdict::inconclusive) << gradient;
    EXPECT_EQ(found.all.kinks, 1U) << gradient;
  }
  // What is no slope of either side fails at a kink too.
  std::vector<double> w{1};
  EXPECT_EQ(check_gradient(hinge, w, std::vector{1.5}).verdict(), Verdict::fail);
  EXPECT_EQ(check_gradient(hinge, w, std::vector{-0.5}).verdict(), Verdict::fail);
}

TEST(GradientCheck, AHingeLossBuiltToHaveAKinkAtThePointIsInconclusiveThere) {
  // One example x = (1), two classes; W = (0, -1): the margin f₁ − f₀ + Δ is exactly 0.
  static const float cell = 1;
  DatasetParts parts{.name = "kink", .cells = CellType::f32, .features = 1, .labels = {0}};
  parts.rows = {reinterpret_cast<const std::byte*>(&cell)};
  parts.class_names = {"a", "b"};
  const ReferenceObjective objective(Dataset(parts), Preprocessing::identity(1),
                                     {.kind = LossKind::hinge}, {});
  std::vector<double> w{0, -1, 0, 0};
  std::vector<double> g(4);
  const std::size_t batch[] = {0};
  (void)objective.value_and_gradient(w, batch, g);
  const Function f = [&](std::span<const double> at) { return objective.value(at, batch).loss; };
  const GradientCheck found = check_gradient(f, w, g);
  EXPECT_EQ(found.verdict(), Verdict::inconclusive);
  EXPECT_EQ(found.all.failed, 0U);
  EXPECT_EQ(found.all.kinks, 4U);
}

TEST(GradientCheck, StrongCurvatureIsNoFailureAndNoKink) {
  const Function f = [](std::span<const double> x) { return std::exp(30 * x[0]) + x[1] * x[1]; };
  std::vector<double> x{0.2, 1e-9};
  const GradientCheck found =
      check_gradient(f, x, std::vector{30 * std::exp(30 * 0.2), 2e-9}, {.step = 1e-4});
  EXPECT_EQ(found.all.failed, 0U);
  EXPECT_EQ(found.all.kinks, 0U);
}

TEST(GradientCheck, WhatRoundingHidesIsInconclusive) {
  const Function f = [](std::span<const double> x) { return 1e6 + 1e-8 * x[0]; };
  std::vector<double> x{0.5};
  const GradientCheck found = check_gradient(f, x, std::vector{1e-8});
  EXPECT_EQ(found.verdict(), Verdict::inconclusive);
  EXPECT_EQ(found.all.unresolved, 1U);
}

TEST(GradientCheck, FloatCoordinatesHaveAStepOfTheirOwn) {
  const std::function<double(std::span<const float>)> f = [](std::span<const float> x) {
    return std::sin(static_cast<double>(x[0]));
  };
  std::vector<float> x{0.5F};
  const std::vector<double> right{std::cos(0.5)};
  EXPECT_EQ(check_gradient(f, x, right, {.tolerance = 1e-4}).verdict(), Verdict::pass);
  const std::vector<double> wrong{1.01 * std::cos(0.5)};
  EXPECT_EQ(check_gradient(f, x, wrong, {.tolerance = 1e-4}).verdict(), Verdict::fail);
}

TEST(GradientCheck, AFewCoordinatesAreDrawnBySeed) {
  Problem problem(LossKind::softmax);
  EXPECT_EQ(problem.check({.coordinates = 5}).all.checked, 5U);
  EXPECT_EQ(checked_coordinates(100, {.coordinates = 5}),
            checked_coordinates(100, {.coordinates = 5}));
  EXPECT_NE(checked_coordinates(100, {.coordinates = 5}),
            checked_coordinates(100, {.coordinates = 5, .seed = 2}));
  EXPECT_EQ(checked_coordinates(7, {.coordinates = 50}).size(), 7U);
}

TEST(GradientCheck, RefusesWhatCannotBeChecked) {
  const Function f = [](std::span<const double>) { return 0.0; };
  std::vector<double> x{1, 2};
  const std::vector<double> one{1};
  const auto refused = [&](const GradientCheckOptions& options, std::span<const double> g) {
    return test::refusal([&] { return check_gradient(f, x, g, options); }).kind();
  };
  const std::vector<double> two{1, 2};
  EXPECT_EQ(refused({}, one), ErrorKind::usage);
  EXPECT_EQ(refused({.step = -1}, two), ErrorKind::usage);
  EXPECT_EQ(refused({.step = NAN}, two), ErrorKind::usage);
  EXPECT_EQ(refused({.tolerance = 0}, two), ErrorKind::usage);
  EXPECT_EQ(refused({.tolerance = NAN}, two), ErrorKind::usage);
}

}  // namespace
}  // namespace fallline
