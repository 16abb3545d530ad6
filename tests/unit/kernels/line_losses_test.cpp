#include "kernels/line_losses.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "support/every_loss.hpp"
#include "support/limited.hpp"
#include "support/score_block.hpp"

namespace fallline {
namespace {

using test::ScoreBlock;

/// A line of blocks of scores, and points on it.
struct LineOfBlocks {
  LineOfBlocks(std::size_t classes, std::size_t count)
      : base(classes, count, 2, classes * 16 + count),
        slope(classes, count, 3, classes * 17 + count) {}

  struct Found {
    std::vector<double> losses;
    std::vector<std::uint64_t> hits;
  };
  /// What the kernel adds to 1 and to 2.
  [[nodiscard]] Found found(const Loss& loss) {
    Found sums{.losses = std::vector<double>(at.size(), 1.0),
               .hits = std::vector<std::uint64_t>(at.size(), 2)};
    kernels::add_losses_along(loss,
                              {.base = base.scores.data(),
                               .slope = slope.scores.data(),
                               .classes = base.classes,
                               .labels = base.labels.data(),
                               .count = base.count},
                              {.at = at.data(),
                               .count = at.size(),
                               .losses = sums.losses.data(),
                               .hits = sums.hits.data()});
    EXPECT_TRUE(base.scores.intact() && slope.scores.intact() && base.labels.intact());
    return sums;
  }
  /// The block at a point of the line.
  [[nodiscard]] ScoreBlock block_at(float t) {
    ScoreBlock block(base.classes, base.count, 1, 1);
    std::ranges::copy(base.labels, block.labels.data());
    for (std::size_t k = 0; k < base.classes * kernels::block; ++k)
      block.scores[k] = std::fma(t, slope.scores[k], base.scores[k]);
    return block;
  }

  ScoreBlock base;
  ScoreBlock slope;
  std::vector<float> at{-1.5F, 0, 0.25F, 3, 3};
};

TEST(LineLosses, AreThoseOfTheScoresAtEachPointForEveryLossShapeAndInstructionSet) {
  test::on_every_set([] {
    for (const LossKind kind : test::every_loss)
      for (const std::size_t classes : {1U, 2U, 3U, 10U, 13U})
        for (std::size_t count = 1; count <= kernels::block; ++count) {
          LineOfBlocks line(classes, count);
          const LineOfBlocks::Found found = line.found({.kind = kind});
          for (std::size_t p = 0; p < line.at.size(); ++p) {
            ScoreBlock block = line.block_at(line.at[p]);
            const std::vector<float> losses = block.losses({.kind = kind});
            const double wanted = std::accumulate(losses.begin(), losses.end(), 1.0);
            EXPECT_TRUE(std::abs(found.losses[p] - wanted) <= 1e-5 * wanted)
                << name_of(kind) << " " << classes << " classes, " << count << " examples";
            const std::vector<std::int32_t> ranks = block.ranks();
            EXPECT_EQ(found.hits[p], 2U + std::size_t(std::ranges::count(ranks, 0)));
          }
        }
  });
}

TEST(LineLosses, AScoreThatIsNoNumberReachesTheSumAndIsNoHit) {
  test::on_every_set([] {
    for (const LossKind kind : test::every_loss) {
      LineOfBlocks line(4, 5);
      line.slope.score(2, 1) = std::numeric_limits<float>::quiet_NaN();
      const LineOfBlocks::Found found = line.found({.kind = kind});
      for (std::size_t p = 0; p < line.at.size(); ++p) {
        EXPECT_TRUE(std::isnan(found.losses[p])) << name_of(kind);
        EXPECT_LE(found.hits[p], 2U + 4);
      }
    }
  });
}

TEST(LineLosses, WhatMissingExamplesHoldReachesNothing) {
  test::on_every_set([] {
    LineOfBlocks line(3, 7);
    const LineOfBlocks::Found before = line.found({});
    for (std::size_t c = 0; c < 3; ++c)
      line.base.score(7, c) = std::numeric_limits<float>::quiet_NaN();
    const LineOfBlocks::Found after = line.found({});
    EXPECT_EQ(before.losses, after.losses);
    EXPECT_EQ(before.hits, after.hits);
  });
}

TEST(LineLosses, MovedScoresLieOnTheLine) {
  test::on_every_set([] {
    LineOfBlocks line(5, 16);
    test::Guarded<float> moved(5 * kernels::block);
    kernels::move_scores(line.base.scores.data(), line.slope.scores.data(), 0.5F, 5, moved.data());
    EXPECT_TRUE(moved.intact());
    const ScoreBlock wanted = line.block_at(0.5F);
    for (std::size_t k = 0; k < moved.size(); ++k)
      EXPECT_LE(std::abs(moved[k] - wanted.scores[k]), 1e-6F * (1 + std::abs(wanted.scores[k])));
  });
}

}  // namespace
}  // namespace fallline
