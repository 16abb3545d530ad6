#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/optim/ewma.hpp>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "support/refusal.hpp"

namespace fallline {
namespace {

/// Σ (1−β) β^{t−i} x_i / (1−β^t), every power and sum in long double.
double weighted_mean(const std::vector<double>& series, std::size_t t, double beta) {
  long double sum = 0;
  long double weights = 0;
  long double weight = 1 - static_cast<long double>(beta);
  for (std::size_t i = t; i-- > 0; weight *= beta) {
    sum += weight * series[i];
    weights += weight;
  }
  return static_cast<double>(sum / weights);
}

TEST(Ewma, OfTheCourseHasItsFirstTwoValuesToTheLastDigits) {
  // β = 0.98, θ = 40, 49: v₁ = 0.02·40; v₂ = 0.0196·40 + 0.02·49, over 1 − 0.98² = 0.0396.
  constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();
  Ewma average(0.98);
  average.add(40);
  EXPECT_NEAR(average.value(), 0.8, 0.8 * rounding);
  EXPECT_NEAR(average.corrected(), 40, 40 * rounding);
  average.add(49);
  EXPECT_NEAR(average.value(), 0.0196 * 40 + 0.02 * 49, 2 * rounding);
  EXPECT_NEAR(average.corrected(), (0.0196 * 40 + 0.02 * 49) / 0.0396, 50 * rounding);
  EXPECT_EQ(average.count(), 2U);
}

TEST(Ewma, AveragesOverAboutOneOverOneMinusBetaValuesWhoseWeightFallsToOneOverE) {
  struct Case {
    double beta;
    int window;
    double left;  ///< of a value's weight after so many steps: β^{1/(1−β)}
  };
  for (const auto& [beta, window, left] :
       {Case{0.5, 2, 0.25}, {0.9, 10, 0.348678}, {0.98, 50, 0.364170}, {0.999, 1000, 0.367695}}) {
    Ewma average(beta);
    EXPECT_NEAR(average.window(), window, 1e-9);
    average.add(1);
    const double fresh = average.value();
    EXPECT_NEAR(fresh, 1 - beta, 1e-15);
    for (int step = 0; step < window; ++step) average.add(0);
    EXPECT_NEAR(average.value() / fresh, left, 1e-6) << beta;
    // The limit is 1/e, from below, and off by about half of 1 − β.
    const double missing = 1 / std::numbers::e - average.value() / fresh;
    EXPECT_GT(missing, 0) << beta;
    EXPECT_LE(missing, (1 - beta) / 2 * 0.5) << beta;
  }
}

TEST(Ewma, CorrectedIsTheWeightedMeanOfWhatCameSoFar) {
  const std::vector<double> series{40, 49, 45, -3, 1e3, 0, 7.5, 7.5, 2};
  for (const double beta : {0.0, 0.5, 0.9, 0.98, 0.9999, 1 - 1e-12}) {
    Ewma average(beta);
    for (std::size_t t = 1; t <= series.size(); ++t) {
      average.add(series[t - 1]);
      EXPECT_NEAR(average.corrected(), weighted_mean(series, t, beta), 1e-11) << beta << " " << t;
    }
  }
}

TEST(Ewma, CorrectedAConstantIsItsOwnAverageFromTheFirstValueOn) {
  for (const double beta : {0.0, 0.5, 0.9, 0.98, 0.999, 1 - 1e-9, 1 - 1e-15}) {
    Ewma average(beta);
    for (int t = 1; t <= 1000; ++t) {
      average.add(-7.25);
      ASSERT_NEAR(average.corrected(), -7.25, 1e-12) << beta << " at " << t;
    }
  }
}

TEST(Ewma, TheCorrectionFadesAwayWithTime) {
  Ewma average(0.9);
  for (int t = 1; t <= 400; ++t) average.add(std::sin(t));
  EXPECT_EQ(average.corrected(), average.value()) << "0.9^400 is less than half a last digit";
  EXPECT_NE(average.value(), 0);
}

TEST(Ewma, TheCorrectionKeepsItsDigitsWhereBetaToTheTIsNearOne) {
  // 1 − β^t = tδ − t(t−1)/2 δ² + …  with δ = 1 − β, a power of two so that β is exact.
  for (const double delta : {std::ldexp(1, -40), std::ldexp(1, -50), std::ldexp(1, -53)})
    for (const std::uint64_t t : {1U, 2U, 3U, 100U}) {
      const double bias = t * delta - t * (t - 1) / 2 * delta * delta;
      EXPECT_NEAR(debias(1 - delta, t) * bias, 1, 1e-14) << delta << " " << t;
    }
  EXPECT_EQ(debias(0, 1), 1);
  EXPECT_EQ(debias(0, 5), 1);
}

TEST(Ewma, WithBetaZeroItIsTheSeriesItself) {
  Ewma average(0);
  for (const double x : {3.0, -1e300, 0.1}) {
    average.add(x);
    EXPECT_EQ(average.value(), x);
    EXPECT_EQ(average.corrected(), x);
  }
}

TEST(Ewma, AMissingValueChangesNothing) {
  Ewma average(0.9);
  EXPECT_TRUE(std::isnan(average.corrected())) << "no value yet";
  average.add(std::nan(""));
  EXPECT_TRUE(std::isnan(average.corrected())) << "no value yet";
  Ewma without(0.9);
  for (const double x : {1.0, std::nan(""), 2.0, HUGE_VAL, -HUGE_VAL, 3.0}) {
    average.add(x);
    if (std::isfinite(x)) without.add(x);
    EXPECT_EQ(average.value(), without.value());
    EXPECT_EQ(average.corrected(), without.corrected());
  }
  EXPECT_EQ(average.count(), 3U);
}

TEST(Ewma, ABetaOutOfItsBoundsIsNamed) {
  for (const double beta : {1.0, -0.1, 1.5, std::nan(""), HUGE_VAL}) {
    const Error error = test::refusal([&] { return Ewma(beta); });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(error.problem().find("beta"), std::string::npos);
  }
}

}  // namespace
}  // namespace fallline
