#include <gtest/gtest.h>

#include <cmath>
#include <fallline/optim/minimize.hpp>
#include <limits>
#include <string>
#include <vector>

#include "support/known_functions.hpp"
#include "support/refusal.hpp"

namespace fallline {
namespace {

using Vector = std::vector<double>;

TEST(Lbfgs, ARescaledFunctionTakesTheSamePath) {
  const auto f = test::rosenbrock_in<double>(2);
  const auto scaled = [&](double by) {
    return minimize(
        [&](std::span<const double> w, std::span<double> g) {
          const double value = f(w, g);
          for (double& x : g) x *= by;
          return by * value;
        },
        f.start, Lbfgs{}, {.gradient_tolerance = 1e-8 * by});
  };
  // The first step alone, of length min(1, ‖g‖), knows the scale.
  const auto plain = scaled(1);
  for (const double by : {1e12, 1e3, 1e-2}) {
    const auto found = scaled(by);
    EXPECT_EQ(found.why, Termination::gradient) << by;
    EXPECT_LE(f.distance(found.w), 1e-6) << by;
    EXPECT_LE(found.steps, plain.steps + 2) << by;
  }
}

TEST(Lbfgs, TrialsWithInfiniteValuesAreStepsBackNotTheEnd) {
  // −ln(1 − x²) − 50x is infinite from x = 1 on; 2x/(1 − x²) = 50 at its minimum.
  const auto barrier = [](std::span<const double> w, std::span<double> g) {
    g[0] = 2 * w[0] / (1 - w[0] * w[0]) - 50;
    return -std::log(1 - w[0] * w[0]) - 50 * w[0];  // NaN beyond
  };
  const auto found = minimize(barrier, Vector{0}, Lbfgs{});
  EXPECT_EQ(found.why, Termination::gradient);
  EXPECT_NEAR(found.w[0], (std::sqrt(1 + 50.0 * 50.0) - 1) / 50, 1e-9);
  EXPECT_FALSE(std::isfinite(found.history[1].value));
}

TEST(Lbfgs, TheValueAndStepRulesCompareThePointsTaken) {
  // 1 + 10⁻³ (x²/2 + x⁴/4) from 1: the first trial moves by 0.002 and lowers f by 4e-6, too short a
  // step to be taken; the trials after it go further, and the first that is taken lowers f by 1e-4.
  const auto flat = [](std::span<const double> w, std::span<double> g) {
    const double square = w[0] * w[0];
    g[0] = 1e-3 * w[0] * (1 + square);
    return 1 + 1e-3 * (square / 2 + square * square / 4);
  };
  const auto value =
      minimize(flat, Vector{1}, Lbfgs{}, {.gradient_tolerance = 0, .value_tolerance = 1e-5});
  EXPECT_EQ(value.why, Termination::value);
  EXPECT_LE(std::abs(value.w[0]), 0.15);  // where 1e-5 is left
  const auto step =
      minimize(flat, Vector{1}, Lbfgs{}, {.gradient_tolerance = 0, .step_tolerance = 1e-2});
  EXPECT_EQ(step.why, Termination::step);
  EXPECT_LE(std::abs(step.w[0]), 1e-3);
}

TEST(Lbfgs, WhereTheGradientCannotGetSmallerItEndsInRounding) {
  for (const auto& f : test::known_functions<float>()) {
    const auto found = minimize(f, f.start, Lbfgs{}, {.gradient_tolerance = 0});
    EXPECT_TRUE(found.converged()) << f.name;
    EXPECT_LE(f.distance(found.w), 1e-3) << f.name;
    EXPECT_LE(found.steps, 1000U) << f.name;
  }
}

TEST(Lbfgs, AFunctionWithoutAMinimumRunsToItsSteps) {
  const auto slope = [](std::span<const double> w, std::span<double> g) {
    g[0] = 1;
    return w[0];
  };
  const auto found = minimize(slope, Vector{0}, Lbfgs{}, {.max_steps = 100});
  EXPECT_EQ(found.why, Termination::max_steps);
  EXPECT_LT(found.w[0], -1e10);
}

TEST(Lbfgs, AKinkEndsWhereNothingIsLower) {
  const auto kink = [](std::span<const double> w, std::span<double> g) {
    g[0] = w[0] >= 0.3 ? 1 : -1;
    return std::abs(w[0] - 0.3);
  };
  const auto found = minimize(kink, Vector{5}, Lbfgs{});
  EXPECT_EQ(found.why, Termination::no_lower_value);
  EXPECT_LE(std::abs(found.w[0] - 0.3), 1e-6);
  EXPECT_LE(found.steps, 500U);
}

TEST(Lbfgs, OnePairIsEnough) {
  const auto f = test::rosenbrock_in<double>(2);
  const auto found = minimize(f, f.start, Lbfgs{.history = 1});
  EXPECT_EQ(found.why, Termination::gradient);
  EXPECT_LE(f.distance(found.w), 1e-6);
}

TEST(Lbfgs, SettingsOutOfTheirBoundsAreNamed) {
  const auto problem = [](const Lbfgs& settings) {
    const Error error = test::refusal([&] { settings.validate(); });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.problem();
  };
  EXPECT_EQ(problem({.history = 0}), "history is 0");
  EXPECT_EQ(problem({.history = 2.5}), "history is 2.5");
  EXPECT_EQ(problem({.history = 1001}), "history is 1001");
  EXPECT_EQ(problem({.history = std::nan("")}), "history is nan");
  EXPECT_EQ(problem({.c1 = 0}), "c1 is 0");
  EXPECT_EQ(problem({.c2 = 1}), "c2 is 1");
}

}  // namespace
}  // namespace fallline
