#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/limited.hpp"
#include "support/score_block.hpp"

namespace fallline {
namespace {

using test::ScoreBlock;

/// Classes that come before the own one: those with a higher score or none that can be compared,
/// and of equal scores the first.
std::int32_t rank_of(const std::vector<double>& f, std::size_t own) {
  std::int32_t before = 0;
  for (std::size_t c = 0; c < f.size(); ++c) {
    if (c == own) continue;
    const bool incomparable = std::isnan(f[c]) || std::isnan(f[own]);
    if (incomparable || f[c] > f[own] || (f[c] == f[own] && c < own)) ++before;
  }
  return before;
}

void expect_ranks(ScoreBlock& block) {
  const std::vector<std::int32_t> got = block.ranks();
  for (std::size_t i = 0; i < block.count; ++i)
    ASSERT_EQ(got[i], rank_of(block.row(i), block.label(i))) << "example " << i;
}

TEST(Ranks, CountTheClassesBeforeTheOwnOneAndOfEqualScoresTheFirst) {
  test::on_every_set([] {
    for (const std::size_t classes : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 100})
      for (std::size_t count = 1; count <= kernels::block; ++count) {
        ScoreBlock block(classes, count, 3, classes * 16 + count);
        expect_ranks(block);
        for (float* score = block.scores.data(); score != block.scores.end(); ++score)
          *score = std::round(*score);  // many are equal now, −0 and 0 among them
        expect_ranks(block);
      }
  });
}

TEST(Ranks, AScoreThatIsNaNCountsAsHigher) {
  test::on_every_set([] {
    for (const std::size_t classes : {2, 5, 13})
      for (std::size_t i = 0; i < kernels::block; ++i)
        for (std::size_t c = 0; c < classes; ++c)
          for (const float bad : {NAN, INFINITY, -INFINITY}) {
            ScoreBlock block(classes, kernels::block, 1, classes);
            block.score(i, c) = bad;
            expect_ranks(block);
          }
  });
}

}  // namespace
}  // namespace fallline
