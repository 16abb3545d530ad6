#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fallline/optim/adam.hpp>
#include <fallline/optim/minimize.hpp>
#include <fallline/optim/momentum.hpp>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "support/bowl.hpp"
#include "support/refusal.hpp"

namespace fallline {
namespace {

using test::bowl;
using test::TracedBowl;
using Vector = std::vector<double>;
TEST(Minimize, TheBestPointIsKeptWhereTheLastIsWorse) {
  // The ball overshoots: it is lowest when it first comes by.
  const auto found = minimize(bowl, Vector{4, 1}, heavy_ball({.momentum = 0.99}),
                              {.learning_rate = 0.01, .max_steps = 60});
  double lowest = found.history.front().value;
  for (const MinimizeStep& step : found.history) lowest = std::min(lowest, step.value);
  EXPECT_LT(found.best_step, found.steps);
  EXPECT_LT(lowest, found.history.back().value);
  EXPECT_EQ(found.value, lowest);
  EXPECT_EQ(found.history[found.best_step - 1].value, lowest);
  EXPECT_EQ(found.history[found.best_step - 1].gradient_norm, found.gradient_norm);
  Vector g(2);
  EXPECT_EQ(bowl(found.w, g), lowest);
}

TEST(Minimize, AmongValuesEqualToRoundingTheOneWithoutAGradientIsReturned) {
  const auto high = [](std::span<const double> w, std::span<double> g) { return 1e8 + bowl(w, g); };
  const auto found = minimize(high, Vector{4, 1}, sgd(), {.learning_rate = 0.1});
  EXPECT_EQ(found.why, Termination::gradient);
  EXPECT_LE(found.gradient_norm, 1e-8);
  EXPECT_LE(std::abs(found.w[0]), 1e-8);
}

TEST(Minimize, HistoryAndCountsAreThoseOfTheEvaluations) {
  std::vector<Vector> points;
  const auto found =
      minimize(TracedBowl{&points}, Vector{4, 1}, sgd(), {.learning_rate = 0.05, .max_steps = 30});
  ASSERT_EQ(found.history.size(), 30U);
  EXPECT_EQ(points.size(), 30U);
  EXPECT_EQ(found.steps, 30U);
  EXPECT_EQ(found.evaluations, 30U);
  EXPECT_EQ(found.epochs, 0U);
  EXPECT_EQ(found.terms, 0U);
  EXPECT_GE(found.seconds, 0);
  for (std::size_t k = 0; k < 30; ++k) {
    Vector g(2);
    EXPECT_EQ(found.history[k].step, k + 1);
    EXPECT_EQ(found.history[k].value, bowl(points[k], g));
    EXPECT_EQ(found.history[k].gradient_norm, std::max(std::abs(g[0]), std::abs(g[1])));
    EXPECT_EQ(found.history[k].rate, 0.05);
  }
  EXPECT_TRUE(minimize(bowl, Vector{4, 1}, sgd(), {.keep_history = false}).history.empty());
  EXPECT_EQ(minimize(bowl, Vector{4, 1}, Lbfgs{}).history.front().rate, 0);
}

TEST(Minimize, FloatStaysFloat) {
  const auto f = [](std::span<const float> w, std::span<float> g) {
    g[0] = w[0] - 1;
    return g[0] * g[0] / 2;
  };
  const Minimum<float> found = minimize(f, std::vector{5.0F}, sgd(), {.learning_rate = 0.5});
  EXPECT_EQ(found.why, Termination::gradient);
  EXPECT_LE(std::abs(found.w[0] - 1), 1e-6F);
}

TEST(Minimize, AnOptimizerByNameIsTheChainOfThatName) {
  const MinimizeOptions options{.learning_rate = 0.1, .max_steps = 200};
  const auto chain = minimize(bowl, Vector{4, 1}, adam({.beta1 = 0.8}), options);
  const auto named = minimize(
      bowl, Vector{4, 1}, OptimizerOptions{.name = "adam", .settings = {{"beta1", 0.8}}}, options);
  EXPECT_EQ(chain.w, named.w);
  EXPECT_EQ(minimize(bowl, Vector{4, 1}, Lbfgs{}).w,
            minimize(bowl, Vector{4, 1}, OptimizerOptions{.name = "lbfgs"}).w);
}

TEST(Minimize, WhatTheFunctionThrowsComesThrough) {
  const auto f = [](std::span<const double> w, std::span<double> g) {
    if (w[0] < 3) throw std::runtime_error("below 3");
    return bowl(w, g);
  };
  EXPECT_THROW((void)minimize(f, Vector{4, 1}, sgd(), {.learning_rate = 0.1}), std::runtime_error);
  EXPECT_THROW((void)minimize(f, Vector{4, 1}, Lbfgs{}), std::runtime_error);
}

TEST(Minimize, ASettingOutOfItsBoundsIsNamed) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<std::pair<MinimizeOptions, std::string>> cases{
      {{.learning_rate = 0}, "learning rate "},
      {{.learning_rate = std::nan("")}, "learning rate "},
      {{.learning_rate = infinity}, "learning rate "},
      {{.max_steps = 0}, "max steps "},
      {{.gradient_tolerance = -1}, "gradient tolerance "},
      {{.gradient_tolerance = std::nan("")}, "gradient tolerance "},
      {{.value_tolerance = -1}, "value tolerance "},
      {{.step_tolerance = infinity}, "step tolerance "},
      {{.target = std::nan("")}, "target "},
  };
  for (const auto& [options, field] : cases) {
    const Error error = test::refusal([&, given = options] {
      return minimize(bowl, Vector{4, 1}, sgd(), given);
    });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(error.problem().substr(0, field.size()), field);
    EXPECT_FALSE(error.advice().empty());
  }
  EXPECT_EQ(test::refusal([] { return minimize(bowl, Vector{}, sgd()); }).problem(),
            "the start has no parameters");
}

TEST(Minimize, TheSummaryIsALineAndTheReportSaysWhyItEnded) {
  const auto found = minimize(bowl, Vector{4, 1}, sgd(), {.learning_rate = 0.1, .target = 0.5});
  const std::string summary = found.summary();
  EXPECT_EQ(std::ranges::count(summary, '\n'), 0);
  const std::string report = found.report();
  for (const std::string& part : {std::string("target"), std::to_string(found.steps)}) {
    EXPECT_NE(summary.find(part), std::string::npos) << summary;
    EXPECT_NE(report.find(part), std::string::npos) << report;
  }
  EXPECT_NE(report.find("f <= target"), std::string::npos) << report;
}

TEST(Minimize, TheReportThinsTheHistoryOutAndShowsItsEnds) {
  const auto found =
      minimize(bowl, Vector{4, 1}, sgd(), {.learning_rate = 1e-4, .max_steps = 5000});
  const std::string report = found.report();
  EXPECT_LT(std::ranges::count(report, '\n'), 40);
  EXPECT_NE(report.find("\n         1 "), std::string::npos) << report;
  EXPECT_NE(report.find("\n      5000 "), std::string::npos) << report;
}

}  // namespace
}  // namespace fallline
