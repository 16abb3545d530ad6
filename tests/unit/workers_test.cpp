#include <gtest/gtest.h>

#include <atomic>
#include <fallline/workers.hpp>
#include <stdexcept>
#include <vector>

namespace fallline {
namespace {

TEST(Workers, EveryPieceIsDoneOnceForAnyNumberOfThreadsAndPieces) {
  for (const std::size_t threads : {1U, 2U, 5U}) {
    Workers workers(threads);
    EXPECT_EQ(workers.threads(), threads);
    for (const std::size_t pieces : {0U, 1U, 2U, 3U, 64U, 1000U}) {
      std::vector<std::atomic<int>> done(pieces);
      workers.for_each(pieces, [&](std::size_t i) { ++done[i]; });
      for (const auto& times : done) EXPECT_EQ(times, 1);
    }
  }
}

TEST(Workers, ManyShortRoundsFollowEachOtherWithoutLosingOne) {
  Workers workers(4);
  std::size_t sum = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::atomic<std::size_t> count = 0;
    workers.for_each(4, [&](std::size_t) { ++count; });
    sum += count;
  }
  EXPECT_EQ(sum, 80'000U);
}

TEST(Workers, AnExceptionOfAPieceReachesTheCallerAndTheNextRoundIsWhole) {
  Workers workers(3);
  EXPECT_THROW(workers.for_each(100,
                                [](std::size_t i) {
                                  if (i == 57) throw std::runtime_error("piece 57");
                                }),
               std::runtime_error);
  std::atomic<int> count = 0;
  workers.for_each(100, [&](std::size_t) { ++count; });
  EXPECT_EQ(count, 100);
}

TEST(Workers, UnaskedThereAreAsManyAsThisProcessMayUse) {
  EXPECT_EQ(Workers().threads(), Workers::usable_threads());
  EXPECT_GE(Workers::usable_threads(), 1U);
}

}  // namespace
}  // namespace fallline
