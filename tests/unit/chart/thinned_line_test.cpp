#include "chart/thinned_line.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace fallline::chart {
namespace {

TEST(ThinnedLine, KeepsFirstLowestHighestAndLastOfAColumnInTheirOrder) {
  ThinnedLine line;
  for (int i = 0; i < 9; ++i)
    line.add({.x = double(i), .y = std::vector<double>{3, 4, 9, 5, 1, 2, 6, 5, 7}[std::size_t(i)]},
             i < 7 ? 0 : 1);
  using Piece = std::vector<Point>;
  EXPECT_EQ(line.pieces(), (std::vector<Piece>{{{0, 3}, {2, 9}, {4, 1}, {6, 6}, {7, 5}, {8, 7}}}));
}

TEST(ThinnedLine, GapsNarrowerThanAColumnTakeNoMemory) {
  ThinnedLine line;
  for (int i = 0; i < 1000; ++i) line.add({.x = double(i), .y = i % 2 ? NAN : 1}, 0);
  EXPECT_EQ(line.pieces().size(), 1U);
  EXPECT_EQ(line.count(), 500U);
}

}  // namespace
}  // namespace fallline::chart
