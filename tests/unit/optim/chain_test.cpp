#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/optim/chain.hpp>
#include <fallline/optim/link.hpp>
#include <fallline/optim/optimizer.hpp>
#include <vector>

#include "support/datasets.hpp"

namespace fallline {
namespace {

using Vector = std::vector<double>;

/// Two steps from w = (1, −2) with gradients (4, 8) and then (2, −4), at rate 0.5.
template <class C>
std::vector<Vector> two_steps(C optimizer) {
  Vector w{1, -2};
  std::vector<Vector> path;
  const std::vector<Vector> gradients{{4, 8}, {2, -4}};
  for (std::size_t t = 1; t <= 2; ++t) {
    optimizer.step(t, 0.5, w, gradients[t - 1], w);
    path.push_back(w);
  }
  return path;
}

TEST(Chain, WithoutLinksIsPlainDescentByHand) {
  // (1, −2) − ½(4, 8) = (−1, −6);  − ½(2, −4) = (−2, −4).
  EXPECT_EQ(two_steps(chain<double>(2)), (std::vector<Vector>{{-1, -6}, {-2, -4}}));
}

TEST(HeavyBall, TwoStepsByHand) {
  // v₁ = (4, 8); v₂ = ¾v₁ + (2, −4) = (5, 2).
  EXPECT_EQ(two_steps(chain<double>(2, HeavyBall{.momentum = 0.75})),
            (std::vector<Vector>{{-1, -6}, {-3.5, -7}}));
}

TEST(EwmaMomentum, TwoStepsByHand) {
  // β = ¾: v₁ = ¼(4, 8) = (1, 2); v₂ = ¾v₁ + ¼(2, −4) = (1.25, 0.5).
  EXPECT_EQ(two_steps(chain<double>(2, EwmaMomentum{.beta = 0.75})),
            (std::vector<Vector>{{0.5, -3}, {-0.125, -3.25}}));
}

TEST(EwmaMomentum, CorrectedTheFirstStepIsThatOfPlainDescent) {
  // v₁/(1−β) = g₁; v₂/(1−β²) = (1.25, 0.5)/0.4375.
  const auto path =
      two_steps(chain<double>(2, EwmaMomentum{.beta = 0.75, .bias_correction = true}));
  EXPECT_EQ(path[0], (Vector{-1, -6}));
  EXPECT_NEAR(path[1][0], -1 - 0.5 * 1.25 / 0.4375, 1e-15);
  EXPECT_NEAR(path[1][1], -6 - 0.5 * 0.5 / 0.4375, 1e-15);
}

TEST(EwmaMomentum, AtAConstantRateItIsTheHeavyBallAtRateTimesOneMinusBeta) {
  auto average = chain<double>(5, EwmaMomentum{.beta = 0.9});
  auto ball = chain<double>(5, HeavyBall{.momentum = 0.9});
  Vector a(5, 1.0);
  Vector b(5, 1.0);
  for (std::size_t t = 1; t <= 50; ++t) {
    const auto g = test::random_vector<double>(5, 1, t);
    average.step(t, 0.1, a, g, a);
    ball.step(t, 0.1 * (1 - 0.9), b, g, b);
  }
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(a[i], b[i], 1e-13);
}

TEST(HeavyBall, WithoutMomentumItIsPlainDescent) {
  EXPECT_EQ(two_steps(chain<double>(2, HeavyBall{.momentum = 0})), two_steps(chain<double>(2)));
}

TEST(Chain, WritingBesideTheOldParametersGivesTheSameAndKeepsThem) {
  auto in_place = chain<float>(100, HeavyBall{});
  auto beside = chain<float>(100, HeavyBall{});
  auto w = test::random_vector<float>(100, 1);
  const auto g = test::random_vector<float>(100, 1, 9);
  const auto old = w;
  std::vector<float> next(100);
  beside.step(1, 0.1, old, g, next);
  in_place.step(1, 0.1, w, g, w);
  EXPECT_EQ(next, w);
  EXPECT_EQ(old, (test::random_vector<float>(100, 1)));
}

TEST(Chain, LinksComposeInTheirOrderEachWithStateOfItsOwn) {
  auto both = chain<double>(1, EwmaMomentum{.beta = 0.5}, HeavyBall{.momentum = 0.5});
  static_assert(decltype(both)::slots == 2);
  Vector w{0};
  both.step(1, 1, w, Vector{8}, w);  // ewma 4, ball 4
  EXPECT_EQ(w[0], -4);
  both.step(2, 1, w, Vector{0}, w);  // ewma 2, ball 2 + 2
  EXPECT_EQ(w[0], -8);
  EXPECT_EQ(both.state()[0], (Vector{2}));
  EXPECT_EQ(both.state()[1], (Vector{4}));
  EXPECT_EQ(both.gain(), 2);
}

TEST(Ewma, AveragesAndItsCorrectionAreThoseOfTheCourse) {
  // β = 0.98, θ₁ = 40: v₁ = 0.8, corrected 40; t = 2: (0.0196 θ₁ + 0.02 θ₂)/0.0396.
  const double v1 = ewma(0.0, 40.0, 0.98);
  EXPECT_NEAR(v1, 0.8, 1e-15);
  EXPECT_NEAR(v1 * debias(0.98, 1), 40, 1e-12);
  const double v2 = ewma(v1, 50.0, 0.98);
  EXPECT_NEAR(v2 * debias(0.98, 2), (0.0196 * 40 + 0.02 * 50) / 0.0396, 1e-12);
}

TEST(Optimizers, ASettingOutOfItsBoundsIsNamed) {
  for (const double momentum : {1.0, -0.1, std::nan("")}) {
    try {
      (void)make_optimizer({.name = "heavy-ball", .momentum = momentum}, 3);
      FAIL() << momentum << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage);
      EXPECT_NE(error.problem().find("momentum"), std::string::npos);
    }
  }
  EXPECT_THROW((void)make_optimizer({.name = "sgdd"}, 3), Error);
}

TEST(Optimizers, EveryRowOfTheTableCanBeMade) {
  for (const OptimizerInfo& info : optimizers()) {
    const auto optimizer = make_optimizer({.name = std::string(info.name)}, 4);
    std::vector<float> w(4, 1.0F);
    const std::vector<float> g(4, 1.0F);
    optimizer->step(1, 0.1, w, g, w);
    EXPECT_LT(w[0], 1.0F) << info.name;
    EXPECT_GE(optimizer->gain(), 1.0) << info.name;
  }
}

}  // namespace
}  // namespace fallline
