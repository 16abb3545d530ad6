#include <gtest/gtest.h>

#include <cmath>
#include <fallline/optim/adam.hpp>
#include <fallline/optim/clip.hpp>
#include <fallline/optim/lion.hpp>
#include <fallline/optim/momentum.hpp>
#include <fallline/optim/nadam.hpp>
#include <fallline/optim/rmsprop.hpp>
#include <fallline/optim/stepper.hpp>
#include <vector>

#include "support/datasets.hpp"

namespace fallline {
namespace {

using Vector = std::vector<double>;
constexpr std::size_t weights = 7;

/// Where 60 steps on random gradients lead to, at a rate of t ↦ rate(t).
template <class... Links, class Rate>
Vector path(const Chain<Links...>& chain, Rate rate, double scale = 1) {
  auto optimizer = stepper<double>(chain, weights);
  Vector w(weights, 1.0);
  for (std::uint64_t t = 1; t <= 60; ++t) {
    Vector g = test::random_vector<double>(weights, 1, t);
    for (double& x : g) x *= scale;
    optimizer.step({.t = t, .rate = rate(t)}, w, g, w);
  }
  return w;
}

template <class... Links>
Vector path(const Chain<Links...>& chain, double rate = 0.01) {
  return path(chain, [rate](std::uint64_t) { return rate; });
}

void expect_near(const Vector& a, const Vector& b, double tolerance) {
  for (std::size_t i = 0; i < weights; ++i)
    EXPECT_TRUE(std::abs(a[i] - b[i]) <= tolerance) << i << ": " << a[i] << " and " << b[i];
}

TEST(Identities, AdamWithoutMomentumIsBiasCorrectedRmsProp) {
  EXPECT_EQ(path(adam({.beta1 = 0})), path(rmsprop({.decay = 0.999, .bias_correction = true})));
}

TEST(Identities, AtAConstantRateTheAverageIsTheHeavyBallAtRateTimesOneMinusBeta) {
  expect_near(path(ewma_momentum({.momentum = 0.9}), 0.1),
              path(heavy_ball({.momentum = 0.9}), 0.1 * (1 - 0.9)), 1e-14);
}

TEST(Identities, WhenTheRateFallsTheVelocityWithTheRateInsidePartsFromTheOther) {
  const auto falling = [](std::uint64_t t) { return 0.1 / static_cast<double>(t); };
  const Vector outside = path(chain(HeavyBall{}, ScaleByRate{}), falling);
  const Vector inside = path(chain(ScaleByRate{}, HeavyBall{}), falling);
  double most = 0;
  for (std::size_t i = 0; i < weights; ++i) most = std::max(most, std::abs(outside[i] - inside[i]));
  EXPECT_GT(most, 1e-3);
  expect_near(path(chain(HeavyBall{}, ScaleByRate{})), path(chain(ScaleByRate{}, HeavyBall{})),
              1e-14);
}

TEST(Identities, WithoutMomentumAllAreSgd) {
  const Vector plain = path(sgd());
  EXPECT_EQ(path(heavy_ball({.momentum = 0})), plain);
  EXPECT_EQ(path(nesterov({.momentum = 0})), plain);
  EXPECT_EQ(path(ewma_momentum({.momentum = 0})), plain);
  EXPECT_EQ(path(ewma_momentum({.momentum = 0, .bias_correction = true})), plain);
}

TEST(Identities, AdamWithoutDecayIsAdamW) { EXPECT_EQ(path(adamw({.decay = 0})), path(adam())); }

TEST(Identities, NadamWithoutMomentumIsBiasCorrectedRmsProp) {
  expect_near(path(nadam({.beta1 = 0})), path(rmsprop({.decay = 0.999, .bias_correction = true})),
              1e-14);
}

TEST(Identities, RmsPropWithoutMemoryIsTheSignOfTheGradient) {
  const Vector signs = path(lion({.beta1 = 0, .beta2 = 0}));
  expect_near(path(rmsprop({.decay = 0, .eps = 1e-300})), signs, 1e-14);
}

TEST(Identities, ForAdamDecoupledDecayIsNotAnL2Penalty) {
  const Vector coupled = path(chain(AddDecayedWeights{0.1}, Adam{}, ScaleByRate{}));
  const Vector decoupled = path(adamw({.decay = 0.1}));
  double most = 0;
  for (std::size_t i = 0; i < weights; ++i)
    most = std::max(most, std::abs(coupled[i] - decoupled[i]));
  EXPECT_GT(most, 1e-3);
}

TEST(Identities, ClippingThatNothingReachesChangesNothing) {
  EXPECT_EQ(path(chain(ClipByNorm{}, ClipByValue{}, adam())), path(adam()));
  EXPECT_EQ(path(chain(ClipByNorm{1e6}, ClipByValue{1e6}, adam())), path(adam()));
}

TEST(Identities, AdamDoesNotKnowTheScaleOfTheGradient) {
  const auto rate = [](std::uint64_t) { return 0.01; };
  expect_near(path(adam({.eps = 1e-300}), rate, 1), path(adam({.eps = 1e-300}), rate, 1e6), 1e-12);
}

TEST(Identities, TheFirstStepOfAdamHasTheSizeOfTheRate) {
  for (const double g : {1e-3, 1.0, -1e6}) {
    auto optimizer = stepper<double>(adam({.eps = 1e-300}), 1);
    Vector w{0};
    optimizer.step({.t = 1, .rate = 0.25}, w, Vector{g}, w);
    EXPECT_NEAR(w[0], g > 0 ? -0.25 : 0.25, 1e-15) << g;
  }
}

}  // namespace
}  // namespace fallline
