#include <gtest/gtest.h>

#include <cmath>
#include <fallline/optim/minimize.hpp>
#include <fallline/optim/momentum.hpp>
#include <vector>

namespace fallline {
namespace {

// On ½ Σ λᵢ wᵢ² with μ ≤ λᵢ ≤ L and κ = L/μ the error of each method at its best settings shrinks
// by a known factor ρ a step in the long run (Polyak, 1964; Lessard, Recht and Packard, "Analysis
// and design of optimization algorithms via integral quadratic constraints", 2016, section 2.2).
constexpr double mu = 1;
constexpr double L = 1e4;
const double root = std::sqrt(L / mu);
const std::vector<double> curvatures{mu, 10, 100, 1000, L};

double gradient(std::span<const double> w, std::span<double> g) {
  double f = 0;
  for (std::size_t i = 0; i < w.size(); ++i) {
    g[i] = curvatures[i] * w[i];
    f += g[i] * w[i] / 2;
  }
  return f;
}

double length(const std::vector<double>& w) {
  double sum = 0;
  for (const double x : w) sum += x * x;
  return std::sqrt(sum);
}

/// The mean factor a step by which ‖w‖ shrinks from step `from` to step `to`.
template <class C>
double contraction(const C& chain, double rate, std::uint64_t from, std::uint64_t to) {
  auto optimizer = stepper<double>(chain, curvatures.size());
  std::vector<double> w(curvatures.size(), 1);
  std::vector<double> g(w.size());
  double before = 0;
  for (std::uint64_t t = 1; t <= to; ++t) {
    gradient(w, g);
    optimizer.step({.t = t, .rate = rate}, w, g, w);
    if (t == from) before = length(w);
  }
  return std::pow(length(w) / before, 1 / static_cast<double>(to - from));
}

/// What a double root adds to the mean of ln ρ: the error goes like t ρ^t, not like ρ^t.
double of_double_root(double from, double to) { return std::log(to / from) / (to - from); }

TEST(MomentumTheory, PlainDescentAt2OverLPlusMuContractsByKappaMinus1OverKappaPlus1) {
  // At this rate the errors along the flattest and the steepest direction shrink by just ρ a step;
  // those between are gone after 10000. What is left is rounding.
  const double rho = (L - mu) / (L + mu);
  EXPECT_NEAR(contraction(sgd(), 2 / (L + mu), 10000, 20000), rho, 1e-9);
}

TEST(MomentumTheory, TheHeavyBallContractsBySqrtKappaMinus1OverSqrtKappaPlus1) {
  const double rho = (root - 1) / (root + 1);
  const double rate = 4 / std::pow(std::sqrt(L) + std::sqrt(mu), 2);
  const double measured = contraction(heavy_ball({.momentum = rho * rho}), rate, 400, 1200);
  // Both extreme directions have a double root, which makes ln ρ, -0.0200, larger by 0.0014; the
  // constant beside t, and the directions between, are what the tolerance is for.
  EXPECT_NEAR(std::log(measured), std::log(rho) + of_double_root(400, 1200), 2e-4);
}

TEST(MomentumTheory, NesterovsContractsBy1Minus1OverSqrtKappa) {
  const double rho = 1 - 1 / root;
  const double measured =
      contraction(nesterov({.momentum = (root - 1) / (root + 1)}), 1 / L, 400, 1200);
  EXPECT_NEAR(std::log(measured), std::log(rho) + of_double_root(400, 1200), 2e-4);
}

TEST(MomentumTheory, TheHeavyBallNeedsAHundredthOfThePlainStepsButForTheFactorT) {
  // The two ln ρ differ by √κ = 100; the ball has to make up for the factor t as well, which
  // costs it some 400 steps.
  const auto steps = [&](const auto& chain, double rate) {
    const MinimizeOptions options{.learning_rate = rate,
                                  .max_steps = 200000,
                                  .gradient_tolerance = 0,
                                  .target = 5e-9,
                                  .keep_history = false};
    const auto found =
        minimize(gradient, std::vector<double>(curvatures.size(), 1), chain, options);
    EXPECT_EQ(found.why, Termination::target);
    return static_cast<double>(found.steps);
  };
  const double rho = (root - 1) / (root + 1);
  const double plain = steps(sgd(), 2 / (L + mu));
  const double ball =
      steps(heavy_ball({.momentum = rho * rho}), 4 / std::pow(std::sqrt(L) + std::sqrt(mu), 2));
  EXPECT_GE(plain / ball, 50);
  EXPECT_LE(plain / ball, 100);
}

}  // namespace
}  // namespace fallline
