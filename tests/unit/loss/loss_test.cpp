#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <limits>
#include <vector>

namespace fallline {
namespace {

using Scores = std::array<double, 3>;

double loss_of(LossKind kind, const Scores& f, std::size_t y, Scores* g = nullptr,
               double delta = 1) {
  const Loss loss{.kind = kind, .delta = delta};
  return loss(std::span<const double>(f), y,
              g != nullptr ? std::span<double>(*g) : std::span<double>{});
}

TEST(Softmax, EqualScoresCostTheLogarithmOfTheClasses) {
  EXPECT_NEAR(loss_of(LossKind::softmax, {5, 5, 5}, 1), std::log(3.0), 1e-15);
}

TEST(Softmax, ByHand) {
  // p = (1, 2, 4)/7 for scores log 1, log 2, log 4.
  Scores g{};
  const double loss =
      loss_of(LossKind::softmax, {std::log(1.0), std::log(2.0), std::log(4.0)}, 1, &g);
  EXPECT_NEAR(loss, -std::log(2.0 / 7), 1e-15);
  EXPECT_NEAR(g[0], 1.0 / 7, 1e-15);
  EXPECT_NEAR(g[1], 2.0 / 7 - 1, 1e-15);
  EXPECT_NEAR(g[2], 4.0 / 7, 1e-15);
}

TEST(Softmax, AnyFiniteScoresGiveAFiniteLoss) {
  EXPECT_EQ(loss_of(LossKind::softmax, {1e308, -1e307, 0}, 0), 0.0);
  EXPECT_TRUE(std::isfinite(loss_of(LossKind::softmax, {1e307, -1e307, 0}, 1)));
  EXPECT_EQ(loss_of(LossKind::softmax, {-1e4, -1e4 - 1, -2e4}, 0), std::log(1 + std::exp(-1.0)));
}

TEST(Hinge, ByHand) {
  // The worked case of the course: scores 3.2, 5.1, −1.7 of class 0 cost 2.9.
  Scores g{};
  EXPECT_NEAR(loss_of(LossKind::hinge, {3.2, 5.1, -1.7}, 0, &g), 2.9, 1e-12);
  EXPECT_EQ(g, (Scores{-1, 1, 0}));
}

TEST(Hinge, AtAKinkTheSubgradientIsZero) {
  Scores g{};
  EXPECT_EQ(loss_of(LossKind::hinge, {2, 1, 0}, 0, &g), 0.0);
  EXPECT_EQ(g, (Scores{0, 0, 0}));
}

TEST(Hinge, TheMarginIsSettable) {
  EXPECT_NEAR(loss_of(LossKind::hinge, {3, 1, 0}, 0, nullptr, 4.0), 2 + 1, 1e-15);
}

TEST(SquaredHinge, ByHand) {
  Scores g{};
  EXPECT_NEAR(loss_of(LossKind::squared_hinge, {3.2, 5.1, -1.7}, 0, &g), 2.9 * 2.9, 1e-12);
  EXPECT_NEAR(g[0], -5.8, 1e-12);
  EXPECT_NEAR(g[1], 5.8, 1e-12);
  EXPECT_EQ(g[2], 0.0);
}

TEST(Loss, AScoreThatIsNoNumberReachesTheLoss) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const LossKind kind : {LossKind::softmax, LossKind::hinge, LossKind::squared_hinge})
    for (const Scores& f : {Scores{nan, 0, 0}, Scores{0, nan, 0}})
      EXPECT_FALSE(std::isfinite(loss_of(kind, f, 0))) << name_of(kind);
}

TEST(Loss, GradientsInTheScoresSumToZero) {
  for (const LossKind kind : {LossKind::softmax, LossKind::hinge, LossKind::squared_hinge}) {
    Scores g{};
    (void)loss_of(kind, {0.3, 0.1, -0.4}, 2, &g);
    EXPECT_NEAR(g[0] + g[1] + g[2], 0, 1e-15) << name_of(kind);
  }
}

TEST(Loss, TheGradientMayReplaceTheScores) {
  for (const LossKind kind : {LossKind::softmax, LossKind::hinge, LossKind::squared_hinge}) {
    Scores apart{};
    const Scores f{0.3, 0.1, -0.4};
    const double loss = loss_of(kind, f, 1, &apart);
    Scores in_place = f;
    EXPECT_EQ(loss_of(kind, in_place, 1, &in_place), loss) << name_of(kind);
    EXPECT_EQ(in_place, apart) << name_of(kind);
  }
}

TEST(Loss, NamesLeadThereAndBack) {
  for (const LossKind kind : {LossKind::softmax, LossKind::hinge, LossKind::squared_hinge})
    EXPECT_EQ(loss_kind(name_of(kind)), kind);
  EXPECT_THROW((void)loss_kind("hnige"), Error);
}

TEST(Penalty, ByHand) {
  const std::array<double, 3> w{3, -4, 0};
  EXPECT_EQ((Penalty{.l2 = 2}.value(std::span<const double>(w))), 25.0);
  EXPECT_EQ((Penalty{.l1 = 2}.value(std::span<const double>(w))), 14.0);
  std::array<double, 3> g{1, 1, 1};
  Penalty{.l2 = 2, .l1 = 0.5}.add_gradient(std::span<const double>(w), std::span<double>(g));
  EXPECT_EQ(g, (std::array<double, 3>{7.5, -7.5, 1}));
}

}  // namespace
}  // namespace fallline
