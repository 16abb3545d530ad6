#include "chart/axis.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace fallline::chart {
namespace {

std::vector<std::string> labels(double from, double to, int about = 6) {
  std::vector<std::string> found;
  for (const Tick& tick : Axis{.from = from, .to = to}.ticks(about)) found.push_back(tick.label);
  return found;
}

using Labels = std::vector<std::string>;

TEST(Axis, TicksAreMultiplesOfOneTwoOrFiveTimesAPowerOfTen) {
  EXPECT_EQ(labels(0, 1), (Labels{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
  EXPECT_EQ(labels(1, 365, 8), (Labels{"50", "100", "150", "200", "250", "300", "350"}));
  EXPECT_EQ(labels(-0.3, 0.3), (Labels{"-0.3", "-0.2", "-0.1", "0.0", "0.1", "0.2", "0.3"}));
  EXPECT_EQ(labels(28, 81), (Labels{"30", "40", "50", "60", "70", "80"}));
  EXPECT_EQ(labels(0, 5e8), (Labels{"0", "1e+08", "2e+08", "3e+08", "4e+08", "5e+08"}));
}

TEST(Axis, OverDecadesEqualFactorsAreEqualDistances) {
  const Axis axis = Axis::over_decades(5, 50'000, 0);
  EXPECT_NEAR(axis.share(5), 0, 1e-12);
  EXPECT_NEAR(axis.share(500), 0.5, 1e-12);
  EXPECT_NEAR(axis.share(50'000), 1, 1e-12);
  const auto labels_of = [](const Axis& one) {
    std::vector<std::string> found;
    for (const Tick& tick : one.ticks(6)) found.push_back(tick.label);
    return found;
  };
  EXPECT_EQ(labels_of(axis), (Labels{"10", "100", "1000", "10000"}));
  EXPECT_EQ(labels_of(Axis::over_decades(1, 100, 0)),
            (Labels{"1", "2", "5", "10", "20", "50", "100"}));
  EXPECT_EQ(labels_of(Axis::over_decades(1e-9, 1e9, 0)).size(), 5U);
  EXPECT_EQ(labels_of(Axis::over_decades(3, 4, 0)),
            (Labels{"3.0", "3.2", "3.4", "3.6", "3.8", "4.0"}));
  const Axis same = Axis::over_decades(7, 7, 0.04);
  EXPECT_NEAR(same.share(7), 0.5, 1e-12);
}

TEST(Axis, TicksOfAnyRangeDifferLieInItAndAreAboutAsManyAsAsked) {
  constexpr double most = std::numeric_limits<double>::max();
  for (const auto& [least, greatest] : {std::pair{-most, most},
                                        {0.0, 5e-324},
                                        {1e-320, 2e-320},
                                        {-1e-300, 1e-300},
                                        {3.0, 3.0},
                                        {0.0, 0.0},
                                        {-most, -most},
                                        {1e9, 1e9 + 1},
                                        {1.0, 1 + 1e-15},
                                        {-5e-7, 3e-7}}) {
    const Axis axis = Axis::over(least, greatest, 0.04);
    EXPECT_TRUE(axis.from <= least && greatest <= axis.to) << least << " " << greatest;
    const auto ticks = axis.ticks(6);
    EXPECT_GE(ticks.size(), 3U) << least << " " << greatest;
    EXPECT_LE(ticks.size(), 13U) << least << " " << greatest;
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      const double share = axis.share(ticks[i].value);
      EXPECT_TRUE(share >= -1e-9 && share <= 1 + 1e-9) << ticks[i].label;
      if (i == 0) continue;
      EXPECT_NE(ticks[i].label, ticks[i - 1].label) << least << " " << greatest;
    }
  }
}

}  // namespace
}  // namespace fallline::chart
