#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fallline/optim/minimize.hpp>
#include <fallline/optim/momentum.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "support/datasets.hpp"
#include "support/refusal.hpp"

namespace fallline {
namespace {

using Vector = std::vector<double>;

/// (1/n) Σ ½ (xᵢ·w − yᵢ)² with yᵢ = xᵢ·w*: every term is lowest at w*.
struct LeastSquares {
  static constexpr std::size_t parameters = 3;
  Vector solution{1, -2, 0.5};
  Vector x;

  explicit LeastSquares(std::size_t terms)
      : x(test::random_vector<double>(terms * parameters, 1)) {}

  double operator()(std::span<const double> w, std::span<const std::size_t> terms,
                    std::span<double> g) const {
    std::ranges::fill(g, 0);
    double f = 0;
    const double share = 1 / static_cast<double>(terms.size());
    for (const std::size_t i : terms) {
      double r = 0;
      for (std::size_t k = 0; k < parameters; ++k)
        r += x[i * parameters + k] * (w[k] - solution[k]);
      f += share * r * r / 2;
      for (std::size_t k = 0; k < parameters; ++k) g[k] += share * r * x[i * parameters + k];
    }
    return f;
  }

  double whole(std::span<const double> w, std::span<double> g) const {
    std::vector<std::size_t> all(x.size() / parameters);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return (*this)(w, all, g);
  }
};

const Vector origin{0, 0, 0};

TEST(MinimizeBatches, ABatchOfAllTermsIsTheWholeFunction) {
  const LeastSquares fit(20);
  const auto whole =
      minimize([&](std::span<const double> w, std::span<double> g) { return fit.whole(w, g); },
               origin, heavy_ball(), {.learning_rate = 0.05, .max_steps = 31});
  for (const std::size_t size : {std::size_t{20}, std::size_t{100}, full_batch}) {
    const auto batches = minimize(mean_of(20, fit), origin, heavy_ball(),
                                  {.learning_rate = 0.05,
                                   .max_steps = 30,
                                   .batch_size = size,
                                   .sampling = Sampling::sequential});
    EXPECT_EQ(batches.w, whole.w);
    EXPECT_EQ(batches.value, whole.value);
    for (std::size_t k = 0; k < 30; ++k)
      EXPECT_EQ(batches.history[k].value, whole.history[k].value);
  }
}

TEST(MinimizeBatches, MiniBatchesReachTheSolution) {
  const LeastSquares fit(50);
  for (const std::size_t size : {1, 7, 25}) {
    const auto found = minimize(mean_of(50, fit), origin, sgd(),
                                {.learning_rate = 0.1, .max_steps = 100000, .batch_size = size});
    EXPECT_EQ(found.why, Termination::gradient) << size;
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(found.w[k], fit.solution[k], 1e-6) << size;
    Vector g(3);
    EXPECT_EQ(found.value, fit.whole(found.w, g));
  }
}

TEST(MinimizeBatches, CountsAreThoseOfTheCalls) {
  const LeastSquares fit(10);
  std::uint64_t batches = 0;
  std::uint64_t whole = 0;
  std::uint64_t terms = 0;
  const auto counted = [&](std::span<const double> w, std::span<const std::size_t> some,
                           std::span<double> g) {
    if (some.size() == 10) {
      ++whole;
    } else {
      ++batches;
      terms += some.size();
    }
    return fit(w, some, g);
  };
  const auto found = minimize(mean_of(10, counted), origin, sgd(),
                              {.learning_rate = 1e-3, .max_steps = 12, .batch_size = 4});
  EXPECT_EQ(found.why, Termination::max_steps);
  EXPECT_EQ(found.steps, 12U);  // of 4, 4 and 2 terms
  EXPECT_EQ(found.epochs, 4U);
  EXPECT_EQ(found.terms, 40U);
  EXPECT_EQ(found.evaluations, 5U);  // at the start and after each epoch
  EXPECT_EQ(batches, found.steps);
  EXPECT_EQ(terms, found.terms);
  EXPECT_EQ(whole, found.evaluations);
  EXPECT_EQ(found.history.size(), 12U);
  const std::string line = "4 epochs, 40 terms, and 5 evaluations of the whole\n";
  EXPECT_NE(found.report().find(line), std::string::npos) << found.report();
}

TEST(MinimizeBatches, AnEpochSeesEveryTermOnceInAnOrderOfTheSeed) {
  const LeastSquares fit(10);
  const auto order = [&](std::uint64_t seed) {
    std::vector<std::size_t> seen;
    const auto watched = [&](std::span<const double> w, std::span<const std::size_t> some,
                             std::span<double> g) {
      if (some.size() < 10) seen.insert(seen.end(), some.begin(), some.end());
      return fit(w, some, g);
    };
    (void)minimize(mean_of(10, watched), origin, sgd(),
                   {.learning_rate = 1e-3, .max_steps = 6, .batch_size = 4, .seed = seed});
    return seen;
  };
  const auto once = order(1);
  ASSERT_EQ(once.size(), 20U);
  for (const std::size_t epoch : {0, 10})
    for (std::size_t i = 0; i < 10; ++i)
      EXPECT_EQ(std::count(once.begin() + static_cast<std::ptrdiff_t>(epoch),
                           once.begin() + static_cast<std::ptrdiff_t>(epoch) + 10, i),
                1);
  EXPECT_EQ(once, order(1));
  EXPECT_NE(once, order(2));
}

TEST(MinimizeBatches, TheSameSeedGivesTheSameResult) {
  const LeastSquares fit(30);
  const auto run = [&](std::uint64_t seed) {
    return minimize(mean_of(30, fit), origin, sgd(),
                    {.learning_rate = 0.05, .max_steps = 60, .batch_size = 4, .seed = seed});
  };
  EXPECT_EQ(run(3).w, run(3).w);
  EXPECT_NE(run(3).w, run(4).w);
}

TEST(MinimizeBatches, TheRulesLookAtTheWholeAtTheStartAndAfterEveryEpoch) {
  const LeastSquares fit(10);
  const auto done = minimize(mean_of(10, fit), fit.solution, sgd());
  EXPECT_EQ(done.why, Termination::gradient);
  EXPECT_EQ(done.steps, 0U);
  EXPECT_EQ(done.w, fit.solution);
  const auto value = minimize(mean_of(10, fit), origin, sgd(),
                              {.learning_rate = 1e-5, .value_tolerance = 0.01, .batch_size = 2});
  EXPECT_EQ(value.why, Termination::value);
  EXPECT_EQ(value.epochs, 1U);
  const auto step = minimize(mean_of(10, fit), Vector{5, 5, 5}, sgd(),
                             {.learning_rate = 1e-6, .step_tolerance = 0.01, .batch_size = 2});
  EXPECT_EQ(step.why, Termination::step);
  EXPECT_EQ(step.epochs, 1U);
}

TEST(MinimizeBatches, TheBestPointIsTheBestOfTheWhole) {
  const LeastSquares fit(10);
  const auto found = minimize(mean_of(10, fit), Vector{2, -1, 1}, sgd(),
                              {.learning_rate = 3, .max_steps = 20, .batch_size = 5});
  EXPECT_EQ(found.best_step, 0U);  // it goes up from there
  EXPECT_EQ(found.w, (Vector{2, -1, 1}));
  Vector g(3);
  EXPECT_EQ(found.value, fit.whole(found.w, g));
}

TEST(MinimizeBatches, AskedAmidAnEpochItReturnsAValueOfTheWhole) {
  const LeastSquares fit(10);
  const auto found = minimize(
      mean_of(10, fit), origin, sgd(),
      {.learning_rate = 0.05, .watch = [](const MinimizeStep& step) { return step.step < 4; }});
  EXPECT_EQ(found.why, Termination::asked);
  EXPECT_EQ(found.steps, 4U);
  Vector g(3);
  EXPECT_EQ(found.value, fit.whole(found.w, g));
  EXPECT_EQ(found.best_step, 4U);
  // The point that watch was told of: after three updates.
  const auto three =
      minimize(mean_of(10, fit), origin, sgd(), {.learning_rate = 0.05, .max_steps = 3});
  EXPECT_EQ(found.w, three.w);
}

TEST(MinimizeBatches, ANaNInABatchEndsItAndKeepsTheBestWholeBefore) {
  const LeastSquares fit(10);
  std::uint64_t calls = 0;
  const auto breaks = [&](std::span<const double> w, std::span<const std::size_t> some,
                          std::span<double> g) {
    const double f = fit(w, some, g);
    return ++calls == 4 ? std::nan("") : f;
  };
  const auto found = minimize(mean_of(10, breaks), origin, sgd(), {.learning_rate = 0.01});
  EXPECT_EQ(found.why, Termination::not_finite);
  EXPECT_EQ(found.steps, 3U);
  EXPECT_EQ(found.w, origin);
  EXPECT_TRUE(std::isfinite(found.value));
}

TEST(MinimizeBatches, AConstantMeanAndOneInFloatWillDo) {
  const auto f = [](std::span<const float> w, std::span<const std::size_t> some,
                    std::span<float> g) {
    g[0] = w[0] - 2;
    return some.empty() ? 0 : g[0] * g[0] / 2;
  };
  const auto mean = mean_of(4, f);
  const Minimum<float> found = minimize(mean, std::vector{0.0F}, sgd(), {.learning_rate = 0.5});
  EXPECT_EQ(found.why, Termination::gradient);
  EXPECT_LE(std::abs(found.w[0] - 2), 1e-6F);
}

TEST(MinimizeBatches, WhatCannotBeIsRefused) {
  const LeastSquares fit(10);
  const auto problem = [&](std::size_t terms, const auto& optimizer, std::size_t batch) {
    const Error error = test::refusal(
        [&] { return minimize(mean_of(terms, fit), origin, optimizer, {.batch_size = batch}); });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return error.problem();
  };
  EXPECT_EQ(problem(0, sgd(), 1), "there are no terms");
  EXPECT_EQ(problem(10, sgd(), 0), "the batch size is 0");
  EXPECT_EQ(problem(10, Lbfgs{}, 1), "a line search needs the whole function at every step");
}

}  // namespace
}  // namespace fallline
