#include "kernels/columns.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/kernel_cases.hpp"
#include "support/limited.hpp"

namespace fallline {
namespace {

using kernels::block;
using kernels::ColumnBlocks;
using kernels::Panel;
using test::Guarded;
using test::random_vector;

/// u of double.
constexpr double fine_rounding = 0x1p-53;

/// Every length to beyond two blocks, and some more.
std::vector<std::size_t> lengths() {
  std::vector<std::size_t> all = test::many_features();
  all.push_back(0);
  return all;
}

TEST(Pack, HoldsWeightTimesScaleInItsColumnsAndLeavesTheOthersAlone) {
  for (const std::size_t features : test::many_features()) {
    const Panel panel{.classes = 1 + features * 5 % 13, .features = features};
    const Guarded<float> w(random_vector<float>(panel.classes * features, 1, 1));
    const Guarded<float> scale(random_vector<float>(features, 2, 2));
    std::vector<float> products(w.begin(), w.end());
    for (std::size_t i = 0; i < products.size(); ++i) products[i] *= scale[i % features];
    const Guarded<float> wanted = test::panel_of(products, panel.classes);
    test::on_every_set([&] {
      for (std::size_t size = 1; size <= panel.column_blocks(); size = size * 3 + 1) {
        Guarded<float> got(panel.size());
        for (std::size_t b = 0; b < panel.column_blocks(); b += size) {
          const ColumnBlocks columns{.begin = b, .end = std::min(panel.column_blocks(), b + size)};
          kernels::pack(panel, w.data(), scale.data(), columns, got.data());
          if (columns.end == panel.column_blocks()) continue;
          for (std::size_t c = 0; c < panel.classes; ++c)
            for (std::size_t k = 0; k < block; ++k)
              ASSERT_TRUE(got.untouched(panel.offset(c, columns.end) + k)) << features;
        }
        EXPECT_TRUE(got.intact());
        EXPECT_TRUE(test::same_bits(got, wanted)) << features << " by " << size;
      }
    });
  }
}

/// Weights of both signs and of none.
std::vector<float> signed_weights(std::size_t n) {
  std::vector<float> w = random_vector<float>(n, 1, 1);
  for (std::size_t i = 0; i < n; ++i)
    if (i % 5 == 3) w[i] = i % 2 == 0 ? 0.0F : -0.0F;
  return w;
}

TEST(AddPenaltyGradient, IsWithinItsRoundingAndTheSameWhereverTheParameterStands) {
  constexpr float l2 = 0.3F;
  constexpr float l1 = 0.2F;
  const std::vector<float> weights = signed_weights(3072);
  const std::vector<float> slopes = random_vector<float>(3072, 1, 2);
  test::on_every_set([&] {
    std::vector<float> whole = slopes;
    kernels::add_penalty_gradient(weights.data(), whole.size(), l2, l1, whole.data());
    for (const std::size_t n : lengths()) {
      const std::size_t first = std::min<std::size_t>(n, 3072 - n);
      const Guarded<float> w{std::span(weights).subspan(first, n)};
      Guarded<float> g{std::span(slopes).subspan(first, n)};
      kernels::add_penalty_gradient(w.data(), n, l2, l1, g.data());
      EXPECT_TRUE(g.intact());
      EXPECT_TRUE(test::same_bits(g, std::span<const float>(whole).subspan(first, n))) << n;
    }
    for (std::size_t i = 0; i < whole.size(); ++i) {
      test::Exact exact;
      const auto weight = static_cast<double>(weights[i]);
      exact.add(static_cast<double>(slopes[i]));
      exact.add(static_cast<double>(l2) * weight);
      exact.add(static_cast<double>(l1) * (weight > 0 ? 1 : weight < 0 ? -1 : 0));
      ASSERT_TRUE(exact.is_near(whole[i], 4)) << i << ": " << whole[i] << " for " << exact.value;
      if (weights[i] == 0) {
        ASSERT_EQ(whole[i], slopes[i]);
      }
    }
  });
}

TEST(PenaltySums, AreThoseInDouble) {
  for (const std::size_t n : lengths()) {
    const Guarded<float> w(signed_weights(n));
    double squares = 0;
    double sizes = 0;
    for (const float x : w) {
      squares += static_cast<double>(x) * static_cast<double>(x);
      sizes += std::abs(static_cast<double>(x));
    }
    // The squares are exact: only their sums are rounded, here and there.
    const double share = 2 * static_cast<double>(n) * fine_rounding;
    test::on_every_set([&] {
      const kernels::PenaltySums got = kernels::penalty_sums(w.data(), n);
      EXPECT_TRUE(std::abs(got.squares - squares) <= share * squares) << n;
      EXPECT_TRUE(std::abs(got.sizes - sizes) <= share * sizes) << n;
      EXPECT_TRUE(std::abs(kernels::sum_of_squares(w.data(), n) - squares) <= share * squares) << n;
    });
  }
}

TEST(SumOfSquares, IsNotFiniteWhereANumberIsNot) {
  test::on_every_set([&] {
    for (std::size_t n = 1; n <= 40; ++n)
      for (const float bad : {NAN, INFINITY, -INFINITY})
        for (std::size_t i = 0; i < n; ++i) {
          std::vector<float> g(n, 1.0F);
          g[i] = bad;
          ASSERT_FALSE(std::isfinite(kernels::sum_of_squares(g.data(), n))) << n << " at " << i;
        }
  });
}

TEST(AddClassSums, AddsEveryNumberOfItsClassInDouble) {
  for (const std::size_t classes : {1, 2, 4, 5, 6, 10, 13, 100})
    for (const std::size_t blocks : {0, 1, 2, 3, 5}) {
      const Guarded<float> g(random_vector<float>(classes * blocks * block, 1, blocks));
      const std::vector<double> before = random_vector<double>(classes, 1, 9);
      test::on_every_set([&] {
        Guarded<double> sums{std::span(before)};
        kernels::add_class_sums(g.data(), classes, blocks, sums.data());
        EXPECT_TRUE(sums.intact());
        for (std::size_t c = 0; c < classes; ++c) {
          test::Exact exact;
          exact.add(before[c]);
          for (std::size_t i = 0; i < blocks * block; ++i)
            exact.add(static_cast<double>(g[(i / block * classes + c) * block + i % block]));
          const double most = 2 * static_cast<double>(blocks * block + 1) * fine_rounding;
          ASSERT_TRUE(std::abs(sums[c] - exact.value) <= most * exact.size)
              << classes << "×" << blocks;
        }
      });
    }
}

}  // namespace
}  // namespace fallline
