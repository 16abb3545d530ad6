#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fallline/optim/adam.hpp>
#include <fallline/optim/minimize.hpp>
#include <limits>
#include <string>
#include <vector>

#include "support/bowl.hpp"

namespace fallline {
namespace {

using test::bowl;
using test::TracedBowl;
using Vector = std::vector<double>;
double length(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

TEST(Termination, GradientItEndsWhereTheInequalityHoldsAndNotBefore) {
  const auto found =
      minimize(bowl, Vector{4, 1}, sgd(), {.learning_rate = 0.1, .gradient_tolerance = 1e-3});
  EXPECT_EQ(found.why, Termination::gradient);
  EXPECT_LE(found.gradient_norm, 1e-3);
  for (std::size_t k = 0; k + 1 < found.history.size(); ++k)
    EXPECT_GT(found.history[k].gradient_norm, 1e-3);
  EXPECT_TRUE(found.converged());
}

TEST(Termination, TargetItEndsWhereTheInequalityHoldsAndNotBefore) {
  const auto found = minimize(bowl, Vector{4, 1}, sgd(), {.learning_rate = 0.1, .target = 0.5});
  EXPECT_EQ(found.why, Termination::target);
  EXPECT_LE(found.value, 0.5);
  for (std::size_t k = 0; k + 1 < found.history.size(); ++k) EXPECT_GT(found.history[k].value, 0.5);
  EXPECT_TRUE(found.converged());
}

TEST(Termination, ValueItEndsWhereTheInequalityHoldsAndNotBefore) {
  const double tolerance = 0.18;  // in the long run f shrinks to 0.81 of itself a step
  const auto found =
      minimize(bowl, Vector{4, 1}, sgd(), {.learning_rate = 0.05, .value_tolerance = tolerance});
  EXPECT_EQ(found.why, Termination::value);
  const auto& h = found.history;
  ASSERT_GE(h.size(), 3U);
  const auto holds = [&](std::size_t k) {
    return std::abs(h[k].value - h[k - 1].value) <= tolerance * std::abs(h[k].value);
  };
  EXPECT_TRUE(holds(h.size() - 1));
  for (std::size_t k = 1; k + 1 < h.size(); ++k) EXPECT_FALSE(holds(k)) << k;
  EXPECT_TRUE(found.converged());
}

TEST(Termination, StepItEndsWhereTheInequalityHoldsAndNotBefore) {
  for (const double tolerance : {0.3, 1e-3, 1e-6}) {
    std::vector<Vector> points;
    const auto found =
        minimize(TracedBowl{&points}, Vector{4, 1}, sgd(),
                 {.learning_rate = 0.05, .gradient_tolerance = 0, .step_tolerance = tolerance});
    EXPECT_EQ(found.why, Termination::step);
    const auto holds = [&](std::size_t k) {
      return length(points[k], points[k - 1]) <=
             tolerance * (length(points[k], Vector{0, 0}) + tolerance);
    };
    EXPECT_TRUE(holds(points.size() - 1));
    for (std::size_t k = 1; k + 1 < points.size(); ++k) EXPECT_FALSE(holds(k)) << k;
    EXPECT_TRUE(found.converged());
  }
}

TEST(Termination, MaxStepsAreTheEvaluations) {
  for (const std::uint64_t most : {1, 2, 17}) {
    std::vector<Vector> points;
    const auto found = minimize(TracedBowl{&points}, Vector{4, 1}, sgd(), {.max_steps = most});
    EXPECT_EQ(found.why, Termination::max_steps);
    EXPECT_EQ(found.steps, most);
    EXPECT_EQ(points.size(), most);
    EXPECT_FALSE(found.converged());
  }
}

TEST(Termination, AskedItEndsAfterTheStepAtWhichWatchSaysSo) {
  std::vector<Vector> points;
  std::vector<double> seen;
  const auto found =
      minimize(TracedBowl{&points}, Vector{4, 1}, sgd(), {.watch = [&](const MinimizeStep& step) {
                 seen.push_back(step.value);
                 return step.step < 5;
               }});
  EXPECT_EQ(found.why, Termination::asked);
  EXPECT_EQ(points.size(), 5U);
  EXPECT_EQ(seen.size(), 5U);
  EXPECT_EQ(found.w, points.back());
  EXPECT_FALSE(found.converged());
}

TEST(Termination, NotFiniteItKeepsTheBestPointBeforeIt) {
  const auto found = minimize(bowl, Vector{4, 1}, sgd(), {.learning_rate = 3});
  EXPECT_EQ(found.why, Termination::not_finite);
  EXPECT_EQ(found.w, (Vector{4, 1}));
  EXPECT_EQ(found.value, 13);
  EXPECT_EQ(found.best_step, 1U);
  EXPECT_FALSE(std::isfinite(found.history.back().value));
  EXPECT_FALSE(found.converged());
}

TEST(Termination, NaNInAnyPlaceAtTheStartEndsItThere) {
  const Vector start{4, 1};
  const auto value = [](std::span<const double> w, std::span<double> g) {
    bowl(w, g);
    return std::nan("");
  };
  const auto first = [](std::span<const double> w, std::span<double> g) {
    const double f = bowl(w, g);
    g[0] = std::nan("");
    return f;
  };
  const auto last = [](std::span<const double> w, std::span<double> g) {
    const double f = bowl(w, g);
    g[1] = -std::numeric_limits<double>::infinity();
    return f;
  };
  const auto expect_end = [&](const Minimum<double>& found) {
    EXPECT_EQ(found.why, Termination::not_finite);
    EXPECT_EQ(found.w, start);
    EXPECT_EQ(found.steps, 1U);
    EXPECT_FALSE(std::isfinite(found.value) && std::isfinite(found.gradient_norm));
    EXPECT_NE(found.report().find("at the start"), std::string::npos);
  };
  expect_end(minimize(value, start, sgd()));
  expect_end(minimize(first, start, sgd()));
  expect_end(minimize(last, start, sgd()));
  expect_end(minimize(value, start, Lbfgs{}));
  expect_end(minimize(first, start, Lbfgs{}));
  EXPECT_EQ(minimize(bowl, Vector{4, std::nan("")}, adam()).why, Termination::not_finite);
}

TEST(Termination, NoLowerValueALineSearchThatFindsNoneEndsAtTheBestPoint) {
  // The gradient points up the hill everywhere.
  const auto wrong = [](std::span<const double> w, std::span<double> g) {
    const double f = bowl(w, g);
    g[0] = -g[0];
    g[1] = -g[1];
    return f;
  };
  const auto found = minimize(wrong, Vector{4, 1}, Lbfgs{});
  EXPECT_EQ(found.why, Termination::no_lower_value);
  EXPECT_EQ(found.w, (Vector{4, 1}));
  EXPECT_EQ(found.best_step, 1U);
}

TEST(Termination, EveryReasonHasANameAndARule) {
  Minimum<double> found;
  std::vector<std::string> names;
  for (int why = 0; why <= static_cast<int>(Termination::no_lower_value); ++why) {
    found.why = static_cast<Termination>(why);
    const std::string name(name_of(found.why));
    EXPECT_EQ(std::ranges::count(names, name), 0) << name;
    EXPECT_NE(found.report().find(name + ": "), std::string::npos) << name;
    EXPECT_EQ(found.report().find(name + ": \n"), std::string::npos) << name;
    names.push_back(name);
  }
}

}  // namespace
}  // namespace fallline
