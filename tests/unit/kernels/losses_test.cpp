#include "kernels/losses.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "support/kernel_cases.hpp"
#include "support/limited.hpp"
#include "support/score_block.hpp"

namespace fallline {
namespace {

using test::rounding;
using test::ScoreBlock;

constexpr LossKind every_kind[] = {LossKind::softmax, LossKind::hinge, LossKind::squared_hinge};
constexpr LossKind hinges[] = {LossKind::hinge, LossKind::squared_hinge};

const std::vector<std::size_t> many_classes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 100};

/// Calls `work(block)` for blocks of many shapes on every instruction set.
template <class Work>
void for_blocks(double deviation, Work&& work) {
  test::on_every_set([&] {
    for (const std::size_t classes : many_classes)
      for (std::size_t count = 1; count <= kernels::block; ++count)
        work(ScoreBlock(classes, count, deviation, classes * 16 + count));
  });
}

/// The loss and the derivatives of one example in double.
struct Wanted {
  Wanted(const Loss& loss, const std::vector<double>& f, std::size_t y)
      : g(f.size()), value(loss(std::span<const double>(f), y, std::span<double>(g))) {}

  std::vector<double> g;
  double value;
};

/// G is 0 where no example is.
void expect_nothing_of_the_missing(ScoreBlock& block) {
  for (std::size_t c = 0; c < block.classes; ++c)
    for (std::size_t i = block.count; i < kernels::block; ++i)
      ASSERT_EQ(block.score(i, c), 0) << "class " << c << " of missing example " << i;
}

// With d = f_j − max f, e^d errs by the share u(|d| + 2.2). The sum of C of them is at least 1 and
// errs by the share u(1.5 C + 2), as e^d |d| < 0.4 and each addition adds u: its logarithm errs by
// as much, and by 2 u of its own size. The difference from f_y − max f adds u of both sides,
// neither of which is above L.
TEST(SoftmaxKernel, IsWithinTheRoundingOfItsFormula) {
  constexpr float weight = 0.37F;
  for (const double deviation : {0.1, 3.0, 40.0})
    for_blocks(deviation, [&](ScoreBlock block) {
      const auto classes = static_cast<double>(block.classes);
      std::vector<Wanted> wanted;
      for (std::size_t i = 0; i < block.count; ++i)
        wanted.emplace_back(Loss{}, block.row(i), block.label(i));
      const std::vector<float> only = block.losses({});
      const std::vector<float> losses = block.gradients({}, weight);
      EXPECT_EQ(only, losses);
      for (std::size_t i = 0; i < block.count; ++i) {
        const double most = rounding * (1.5 * classes + 2 + 8 * wanted[i].value);
        ASSERT_TRUE(std::abs(static_cast<double>(losses[i]) - wanted[i].value) <= most)
            << losses[i] << " for " << wanted[i].value;
        for (std::size_t c = 0; c < block.classes; ++c) {
          const double g = static_cast<double>(weight) * wanted[i].g[c];
          const double p = wanted[i].g[c] + (c == block.label(i) ? 1 : 0);
          const double room =
              static_cast<double>(weight) * rounding * (p * (1.5 * classes + 8) + 2);
          ASSERT_TRUE(std::abs(static_cast<double>(block.score(i, c)) - g) <= room)
              << block.score(i, c) << " for " << g;
        }
      }
      expect_nothing_of_the_missing(block);
    });
}

// A margin errs by u of itself and of f_y − Δ; C of them are added up.
TEST(HingeKernels, AreWithinTheRoundingOfTheirFormulas) {
  for (const LossKind kind : hinges)
    for_blocks(2, [&](ScoreBlock block) {
      const Loss loss{.kind = kind, .delta = 0.7};
      const std::vector<float> losses = block.losses(loss);
      for (std::size_t i = 0; i < block.count; ++i) {
        const std::vector<double> f = block.row(i);
        const auto delta = static_cast<double>(static_cast<float>(loss.delta));
        const double own = f[block.label(i)] - delta;
        double value = 0;
        double room = 0;
        for (std::size_t c = 0; c < f.size(); ++c) {
          if (c == block.label(i)) continue;
          const double margin = std::max(0.0, f[c] - own);
          const double size = margin + 2 * std::abs(own) + 1e-6;
          value += kind == LossKind::hinge ? margin : margin * margin;
          room += kind == LossKind::hinge ? size : (2 * margin + 1e-6) * size;
        }
        room += static_cast<double>(f.size()) * value;
        ASSERT_TRUE(std::abs(static_cast<double>(losses[i]) - value) <= 2 * rounding * room)
            << losses[i] << " for " << value;
      }
    });
}

// On halves nothing is rounded, and many margins are exactly 0: there the derivative is 0.
TEST(HingeKernels, AreExactOnHalvesAndTakeTheSlopeZeroAtTheirKinks) {
  constexpr float weight = 0.25F;
  std::size_t kinks = 0;
  for (const LossKind kind : hinges)
    for_blocks(2, [&](ScoreBlock block) {
      const Loss loss{.kind = kind, .delta = 1.5};
      for (std::size_t k = 0; k < block.scores.size(); ++k)
        block.scores[k] = std::round(2 * block.scores[k]) / 2;
      std::vector<Wanted> wanted;
      for (std::size_t i = 0; i < block.count; ++i) {
        const std::vector<double> f = block.row(i);
        wanted.emplace_back(loss, f, block.label(i));
        for (const double score : f) kinks += score - f[block.label(i)] + loss.delta == 0 ? 1 : 0;
      }
      const std::vector<float> only = block.losses(loss);
      const std::vector<float> losses = block.gradients(loss, weight);
      EXPECT_EQ(only, losses);
      for (std::size_t i = 0; i < block.count; ++i) {
        ASSERT_EQ(losses[i], wanted[i].value) << name_of(kind);
        for (std::size_t c = 0; c < block.classes; ++c)
          ASSERT_EQ(block.score(i, c), static_cast<double>(weight) * wanted[i].g[c])
              << name_of(kind) << " class " << c;
      }
      expect_nothing_of_the_missing(block);
    });
  EXPECT_GT(kinks, 100U);
}

/// What one bad score does to the losses of its block.
void expect_as_finite_as_the_formula(const Loss& loss, std::size_t classes, std::size_t i,
                                     std::size_t c, float bad) {
  ScoreBlock block(classes, kernels::block, 2, classes);
  block.score(i, c) = bad;
  const double wanted = Wanted(loss, block.row(i), block.label(i)).value;
  if (std::isnan(bad)) {
    ASSERT_TRUE(std::isnan(wanted));
  } else if (bad > 0 && c != block.label(i)) {
    ASSERT_FALSE(std::isfinite(wanted));
  }
  const std::vector<float> only = block.losses(loss);
  const std::vector<float> losses = block.gradients(loss, 1);
  for (std::size_t k = 0; k < block.count; ++k) {
    const bool finite = k != i || std::isfinite(wanted);
    ASSERT_EQ(std::isfinite(only[k]), finite) << "example " << k << ": " << only[k];
    ASSERT_EQ(std::isfinite(losses[k]), finite) << "example " << k << ": " << losses[k];
  }
}

TEST(LossKernels, AScoreThatIsNotFiniteReachesItsLossAsInTheFormulaAndNoOther) {
  test::on_every_set([&] {
    for (const LossKind kind : every_kind)
      for (const std::size_t classes : {2, 5, 13})
        for (std::size_t i = 0; i < kernels::block; ++i)
          for (std::size_t c = 0; c < classes; ++c)
            for (const float bad : {NAN, test::infinity, -test::infinity})
              expect_as_finite_as_the_formula({.kind = kind}, classes, i, c, bad);
  });
}

TEST(LossKernels, HugeScoresLeaveTheLossFinite) {
  test::on_every_set([&] {
    for (const LossKind kind : every_kind)
      for (std::size_t seed = 0; seed < 20; ++seed) {
        ScoreBlock block(10, kernels::block, 1, seed);
        // The square of 1e30 is no float. Beside 1e15 the margins Δ = 1 of equal scores are lost.
        const float huge = kind == LossKind::squared_hinge ? 1e15F : 1e30F;
        const double lost = kind == LossKind::squared_hinge ? 10 : 0;
        for (std::size_t k = 0; k < block.scores.size(); ++k)
          block.scores[k] = std::copysign(huge, block.scores[k]);
        std::vector<Wanted> wanted;
        for (std::size_t i = 0; i < block.count; ++i)
          wanted.emplace_back(Loss{.kind = kind}, block.row(i), block.label(i));
        const std::vector<float> losses = block.gradients({.kind = kind}, 1);
        for (std::size_t i = 0; i < block.count; ++i) {
          const double room = 20 * rounding * (1 + wanted[i].value) + lost;
          EXPECT_TRUE(std::abs(static_cast<double>(losses[i]) - wanted[i].value) <= room)
              << losses[i] << " for " << wanted[i].value;
          for (std::size_t c = 0; c < 10; ++c) EXPECT_TRUE(std::isfinite(block.score(i, c)));
        }
      }
  });
}

}  // namespace
}  // namespace fallline
