#include <gtest/gtest.h>

#include <cmath>
#include <fallline/landscape/path_directions.hpp>
#include <fallline/train/train.hpp>

#include "support/datasets.hpp"

namespace fallline::landscape {
namespace {

TEST(PathDirections, AreThoseOfTheRunAndOfTwoParametersHaveAllOfItsVariance) {
  Workers workers(2);
  const Parts parts{.train = test::random_dataset(600, 1, 2, CellType::f32)};
  const TrainOptions training{.epochs = 40};
  const auto found = path_directions(parts, training, workers);
  ASSERT_TRUE(found);
  for (const Direction& d : *found) {
    EXPECT_EQ(d.kind, DirectionKind::principal);
    EXPECT_NEAR(d.norm(), 1, 1e-6);
    // The gradient has w₀ = −w₁ and b₀ = −b₁ everywhere.
    EXPECT_NEAR(d.values[0], -d.values[1], 1e-5);
    EXPECT_NEAR(d.values[2], -d.values[3], 1e-5);
  }
  EXPECT_LE(std::abs(cosine((*found)[0], (*found)[1])), 1e-6);
  EXPECT_NE((*found)[0].about.find("% of its variance"), std::string::npos);
  EXPECT_EQ(path_directions(parts, training, workers)->front().values, found->front().values);
}

TEST(PathDirections, AnInterruptLeavesNone) {
  Workers workers(1);
  const std::atomic<bool> interrupt = true;
  const Parts parts{.train = test::random_dataset(60, 3, 2, CellType::f32)};
  EXPECT_FALSE(path_directions(parts, {}, workers, 10, {}, &interrupt));
}

}  // namespace
}  // namespace fallline::landscape
