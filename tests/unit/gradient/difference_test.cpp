#include <gtest/gtest.h>

#include <cmath>
#include <fallline/gradient/difference.hpp>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "support/same_bits.hpp"

namespace fallline {
namespace {

using Point = std::span<const double>;

TEST(Difference, RiddersReachesTheReferenceTo13Digits) {
  // A classic of numerical differentiation (Lyness and Moler 1967); the derivative by calculus, in
  // 50 digits.
  const auto f = [](Point x) {
    return std::exp(x[0]) / std::sqrt(std::pow(std::sin(x[0]), 3) + std::pow(std::cos(x[0]), 3));
  };
  constexpr double wanted = 4.0534278938986206577;
  std::vector<double> x{1.5};
  const Difference found = Differences<double, decltype(f)>(f, x)(0, Scheme::ridders, 0.25);
  EXPECT_LE(std::abs(found.value - wanted), 1e-13 * wanted) << found.value - wanted;
  EXPECT_LE(std::abs(found.value - wanted), 10 * found.error);
  EXPECT_LE(found.error, 1e-11);
}

TEST(Difference, EverySchemeIsWithinItsOrder) {
  const auto f = [](Point x) { return std::sin(x[0]) * std::exp(x[1]); };
  std::vector<double> x{0.7, -0.3};
  const double exact = std::cos(0.7) * std::exp(-0.3);
  Differences<double, decltype(f)> d(f, x);
  // h/2·f″ and h²/6·f‴, which are at most 1 in size, and rounding.
  EXPECT_LE(std::abs(d(0, Scheme::forward, 1e-5).value - exact), 0.5e-5 + 1e-10);
  EXPECT_LE(std::abs(d(0, Scheme::central, 1e-4).value - exact), 1e-8 / 6 + 1e-11);
  EXPECT_LE(std::abs(d(0, Scheme::ridders, 0.25).value - exact), 1e-12);
}

TEST(Difference, TheStepIsThatWhichTheCoordinateReallyMoves) {
  // 1e8 + 1e3 is a float only by chance; a line's slope does not care.
  const auto line = [](std::span<const float> x) { return 3.0 * static_cast<double>(x[0]); };
  std::vector<float> x{12345678.0F};
  const Difference found = Differences<float, decltype(line)>(line, x)(0, Scheme::central, 5e-3);
  EXPECT_LE(std::abs(found.value - 3), 1e-12);
}

TEST(Difference, EveryCoordinateIsRestoredToTheBitEvenIfTheFunctionThrows) {
  std::vector<double> x{0.1, -0.0, 1e-310, 1e300};
  const std::vector<double> before = x;
  const auto f = [](Point p) { return p[0] + p[1] + p[2]; };
  std::vector<double> g(4);
  numerical_gradient(f, std::span(x), g);
  EXPECT_TRUE(test::same_bits(x, before));
  const auto bad = [](Point) -> double { throw std::runtime_error("no"); };
  EXPECT_THROW(numerical_gradient(bad, std::span(x), g), std::runtime_error);
  EXPECT_TRUE(test::same_bits(x, before));
}

TEST(Difference, AForwardGradientCostsAnEvaluationACoordinateAndOne) {
  std::size_t calls = 0;
  const auto f = [&calls](Point x) {
    ++calls;
    return x[0] * x[0] + 5 * x[1];
  };
  std::vector<double> x{3, 4};
  std::vector<double> g(2);
  numerical_gradient(f, std::span(x), g, Scheme::forward);
  EXPECT_EQ(calls, 3U);
  EXPECT_NEAR(g[0], 6, 1e-4);
  EXPECT_NEAR(g[1], 5, 1e-9);
}

}  // namespace
}  // namespace fallline
