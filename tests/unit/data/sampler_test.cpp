#include <gtest/gtest.h>

#include <algorithm>
#include <fallline/data/sampler.hpp>
#include <set>
#include <vector>

#include "support/datasets.hpp"

namespace fallline {
namespace {

std::vector<std::size_t> epoch_of(Sampler sampler, std::uint64_t epoch) {
  sampler.begin_epoch(epoch);
  std::vector<std::size_t> all;
  for (std::size_t k = 0; k < sampler.steps_per_epoch(); ++k) {
    const auto batch = sampler.batch(k);
    all.insert(all.end(), batch.begin(), batch.end());
  }
  return all;
}

TEST(Sampler, StepsAreTheExamplesOverTheBatchRoundedUp) {
  EXPECT_EQ(Sampler(5'000'000, 1000, Sampling::sequential, 1).steps_per_epoch(), 5000U);
  EXPECT_EQ(Sampler(10, 3, Sampling::shuffle, 1).steps_per_epoch(), 4U);
  EXPECT_EQ(Sampler(10, 3, Sampling::shuffle, 1, true).steps_per_epoch(), 3U);
  EXPECT_EQ(Sampler(10, 10, Sampling::shuffle, 1, true).steps_per_epoch(), 1U);
  EXPECT_EQ(Sampler(10, 3, Sampling::shuffle, 1).batch(3).size(), 1U);
}

TEST(Sampler, AShuffledEpochIsEveryExampleOnceInAnOrderOfItsOwn) {
  const Sampler sampler(1000, 64, Sampling::shuffle, 1);
  auto first = epoch_of(sampler, 1);
  auto second = epoch_of(sampler, 2);
  EXPECT_NE(first, second);
  EXPECT_NE(first, epoch_of(Sampler(1000, 64, Sampling::shuffle, 2), 1));
  std::ranges::sort(first);
  std::ranges::sort(second);
  EXPECT_EQ(first, test::indices(1000));
  EXPECT_EQ(second, test::indices(1000));
}

TEST(Sampler, AnEpochDependsOnSeedAndNumberAlone) {
  for (const Sampling sampling : {Sampling::shuffle, Sampling::replacement}) {
    Sampler went_through(500, 7, sampling, 3);
    for (std::uint64_t e = 1; e < 5; ++e) went_through.begin_epoch(e);
    EXPECT_EQ(epoch_of(went_through, 5), epoch_of(Sampler(500, 7, sampling, 3), 5));
    EXPECT_EQ(epoch_of(Sampler(500, 100, sampling, 3), 5), epoch_of(went_through, 5));
  }
}

TEST(Sampler, SequentialIsTheOrderOfTheSource) {
  EXPECT_EQ(epoch_of(Sampler(100, 9, Sampling::sequential, 1), 4), test::indices(100));
}

TEST(Sampler, WithReplacementAboutAThirdOfTheExamplesIsMissing) {
  const auto drawn = epoch_of(Sampler(10'000, 64, Sampling::replacement, 1), 1);
  EXPECT_EQ(drawn.size(), 10'000U);
  const std::set<std::size_t> distinct(drawn.begin(), drawn.end());
  EXPECT_NEAR(static_cast<double>(distinct.size()), 10'000 * (1 - std::exp(-1.0)), 150);
}

TEST(BatchSize, SmallSetsAreDescendedWholeLargeOnesByTwoHundredAndFiftySix) {
  EXPECT_EQ(resolve_batch_size(automatic_batch, 2000), 2000U);
  EXPECT_EQ(resolve_batch_size(automatic_batch, 2001), 256U);
  EXPECT_EQ(resolve_batch_size(full_batch, 50'000), 50'000U);
  EXPECT_EQ(resolve_batch_size(1000, 300), 300U);
  EXPECT_EQ(resolve_batch_size(1, 300), 1U);
}

}  // namespace
}  // namespace fallline
