#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fallline/random.hpp>
#include <map>
#include <numeric>
#include <vector>

namespace fallline {
namespace {

// Random123 1.14, tests/kat_vectors: philox4x32, 10 rounds.
TEST(Random, IsPhiloxFourByThirtyTwoWithTenRounds) {
  const auto first_half = [](std::uint64_t index, std::uint32_t epoch, std::uint32_t purpose,
                             std::uint64_t seed) {
    return Random(seed, static_cast<Purpose>(purpose), epoch).bits(index);
  };
  EXPECT_EQ(first_half(0, 0, 0, 0), 0xe169c58d6627e8d5U);
  EXPECT_EQ(first_half(~0ULL, ~0U, ~0U, ~0ULL), 0x41c83b0e408f276dU);
  EXPECT_EQ(first_half(0x85a308d3243f6a88U, 0x13198a2eU, 0x03707344U, 0x299f31d0a4093822U),
            0x94fdccebd16cfe09U);
}

TEST(Random, ANormalIsBoxAndMullersOverBothHalvesOfTheBlock) {
  const double u1 = std::ldexp(static_cast<double>(0xe169c58d6627e8d5U >> 11), -53);
  const double u2 = std::ldexp(static_cast<double>(0x9b00dbd8bc57ac4cU >> 11), -53);
  const double expected = std::sqrt(-2 * std::log(1 - u1)) * std::cos(6.283185307179586 * u2);
  EXPECT_DOUBLE_EQ(Random(0, static_cast<Purpose>(0)).normal(0), expected);
}

TEST(Random, TheStreamNeverChanges) {
  const Random random(42, Purpose::shuffle, 3);
  EXPECT_EQ(random.bits(0), 0xe4275069d760a9f5U);
  EXPECT_EQ(random.bits(1), 0x8328248d7b784964U);
  EXPECT_EQ(random.bits(1ULL << 40), 0xefaf1f1c58e542ecU);
  EXPECT_EQ(random.below(7, 1000), 811U);
  EXPECT_EQ(random.uniform(5), 0.6085021877090723);
  EXPECT_NEAR(random.normal(5), 1.3532924513235012, 1e-14);
  EXPECT_EQ(shuffled(10, random), (std::vector<std::size_t>{7, 5, 2, 1, 4, 3, 8, 6, 9, 0}));
}

TEST(Random, APurposeKeepsItsNumber) {
  const std::array purposes{Purpose::initial_weights, Purpose::shuffle,  Purpose::sample,
                            Purpose::validation,      Purpose::held_out, Purpose::embedded_set,
                            Purpose::search};
  for (std::uint32_t i = 0; i < purposes.size(); ++i)
    EXPECT_EQ(static_cast<std::uint32_t>(purposes[i]), i + 1);
}

TEST(Random, ADrawDependsOnNothingButSeedPurposeEpochAndIndex) {
  const Random random(1, Purpose::sample, 2);
  const std::uint64_t once = random.bits(9);
  (void)random.bits(8);
  EXPECT_EQ(random.bits(9), once);
  EXPECT_EQ(Random(1, Purpose::sample, 2).bits(9), once);
  EXPECT_NE(Random(3, Purpose::sample, 2).bits(9), once);
  EXPECT_NE(Random(1ULL << 32 | 1, Purpose::sample, 2).bits(9), once);
  EXPECT_NE(Random(1, Purpose::search, 2).bits(9), once);
  EXPECT_NE(Random(1, Purpose::sample, 4).bits(9), once);
  EXPECT_NE(random.bits(10), once);
}

TEST(Random, BelowStaysBelowAndIsEven) {
  const Random random(7, Purpose::sample);
  std::map<std::uint64_t, int> count;
  for (std::uint64_t i = 0; i < 60000; ++i) ++count[random.below(i, 6)];
  ASSERT_EQ(count.size(), 6U);
  EXPECT_EQ(count.rbegin()->first, 5U);
  // 5 degrees of freedom: chi-square exceeds 20.5 once in a thousand seeds.
  double chi_square = 0;
  for (const auto& [value, times] : count) chi_square += std::pow(times - 10000.0, 2) / 10000;
  EXPECT_TRUE(chi_square <= 20.5) << chi_square;
  EXPECT_EQ(random.below(0, 1), 0U);
}

TEST(Random, UniformsFillTheUnitIntervalEvenly) {
  const Random random(11, Purpose::sample);
  constexpr std::size_t n = 100000;
  std::vector<double> draws(n);
  for (std::size_t i = 0; i < n; ++i) draws[i] = random.uniform(i);
  std::ranges::sort(draws);
  EXPECT_GE(draws.front(), 0.0);
  EXPECT_LT(draws.back(), 1.0);
  double distance = 0;  // Kolmogorov and Smirnov's; 1.95/sqrt(n) is exceeded once in a thousand
  for (std::size_t i = 0; i < n; ++i)
    distance = std::max({distance, std::abs(draws[i] - static_cast<double>(i) / n),
                         std::abs(draws[i] - static_cast<double>(i + 1) / n)});
  EXPECT_TRUE(distance <= 1.95 / std::sqrt(n)) << distance;
}

TEST(Random, NormalsHaveTheirMoments) {
  const Random random(13, Purpose::initial_weights);
  constexpr int n = 100000;
  std::array<double, 5> moment{};
  for (int i = 0; i < n; ++i) {
    const double x = random.normal(static_cast<std::uint64_t>(i));
    for (int k = 1; k <= 4; ++k) moment[static_cast<std::size_t>(k)] += std::pow(x, k) / n;
  }
  // Four standard errors: sqrt(1, 2, 15, 96)/sqrt(n) each.
  EXPECT_TRUE(std::abs(moment[1]) <= 0.0127) << moment[1];
  EXPECT_TRUE(std::abs(moment[2] - 1) <= 0.0179) << moment[2];
  EXPECT_TRUE(std::abs(moment[3]) <= 0.049) << moment[3];
  EXPECT_TRUE(std::abs(moment[4] - 3) <= 0.124) << moment[4];
}

TEST(Shuffled, IsAPermutation) {
  for (const std::size_t n : {0U, 1U, 2U, 3U, 100U, 1000U}) {
    std::vector<std::size_t> order = shuffled(n, Random(5, Purpose::shuffle));
    std::vector<std::size_t> expected(n);
    std::iota(expected.begin(), expected.end(), std::size_t{0});
    EXPECT_TRUE(n < 100 || order != expected);
    std::ranges::sort(order);
    EXPECT_EQ(order, expected);
  }
}

TEST(Shuffled, EveryOrderOfFourComesEquallyOften) {
  std::map<std::vector<std::size_t>, int> count;
  for (std::uint32_t epoch = 0; epoch < 24000; ++epoch)
    ++count[shuffled(4, Random(1, Purpose::shuffle, epoch))];
  ASSERT_EQ(count.size(), 24U);
  double chi_square = 0;
  for (const auto& [order, times] : count) chi_square += std::pow(times - 1000.0, 2) / 1000;
  EXPECT_TRUE(chi_square <= 49.7) << chi_square;  // 23 degrees of freedom, once in a thousand
}

}  // namespace
}  // namespace fallline
