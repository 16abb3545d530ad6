#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/directions.hpp>
#include <fallline/landscape/plane.hpp>

#include "support/refusal.hpp"
#include "support/site.hpp"

namespace fallline::landscape {
namespace {

double norm(std::span<const float> v) {
  double squares = 0;
  for (const float x : v) squares += static_cast<double>(x) * static_cast<double>(x);
  return std::sqrt(squares);
}

class Directions : public testing::Test {
 protected:
  Workers workers{2};
  Dataset data = test::random_dataset(200, 6, 4, CellType::f32);
  Site site{test::random_model(data, {}, {.l2 = 0.1}, workers), data, workers};

  [[nodiscard]] double objective_at(const Direction& d, double a) {
    const PlanePoint point[] = {{.a = a}};
    return measure_plane(site, {.origin = site.weights(), .first = d.values}, point)
        .points[0]
        .objective();
  }
};

TEST_F(Directions, TheBlocksOfALinearModelCoverItsParametersOnce) {
  std::size_t next = 0;
  for (const ParameterBlock& block : site.blocks()) {
    EXPECT_EQ(block.first, next);
    next += block.count;
  }
  EXPECT_EQ(next, site.parameters());
  EXPECT_EQ(site.blocks()[0].rows, 4U);
  EXPECT_EQ(site.blocks()[0].columns, 6U);
  EXPECT_EQ(site.blocks()[0].role, BlockRole::weight);
  EXPECT_EQ(site.blocks()[1].role, BlockRole::bias);
}

TEST_F(Directions, ByFilterEachRowHasTheLengthOfThatOfWAndBiasesStay) {
  const Direction d = scaled(random_direction(site.parameters(), 3, 1), Scaling::filter,
                             site.weights(), site.blocks());
  EXPECT_EQ(d.scaled, Scaling::filter);
  const std::span<const float> v = d.values;
  for (std::size_t c = 0; c < 4; ++c)
    EXPECT_NEAR(norm(v.subspan(c * 6, 6)), norm(site.weights().subspan(c * 6, 6)), 1e-6);
  for (std::size_t k = 24; k < 28; ++k) EXPECT_EQ(v[k], 0);
}

// Li et al. (2018): scaling the filters of a layer, and those of the next against them, must not
// change the picture. A row's direction goes with the row.
TEST_F(Directions, ByFilterADirectionFollowsTheScaleOfItsRow) {
  const Direction raw = random_direction(site.parameters(), 3, 1);
  std::vector<float> larger(site.weights().begin(), site.weights().end());
  for (std::size_t k = 6; k < 12; ++k) larger[k] *= 8;
  const Direction of_w = scaled(raw, Scaling::filter, site.weights(), site.blocks());
  const Direction of_larger = scaled(raw, Scaling::filter, larger, site.blocks());
  for (std::size_t k = 0; k < of_w.values.size(); ++k)
    EXPECT_EQ(of_larger.values[k], of_w.values[k] * (k >= 6 && k < 12 ? 8.0F : 1.0F));
}

TEST_F(Directions, OverAListOfBlocksEachIsScaledByItsOwnRows) {
  const std::vector<ParameterBlock> blocks{
      {.name = "one", .first = 0, .count = 6, .rows = 2, .columns = 3},
      {.name = "bias", .first = 6, .count = 2, .rows = 2, .columns = 1, .role = BlockRole::bias},
      {.name = "two", .first = 8, .count = 2, .rows = 1, .columns = 2}};
  const std::vector<float> w{3, 0, 4, 0, 0, 0, 1, 1, 0, 2};
  Direction d{.values = {0, 1, 0, 1, 1, 1, 5, 5, 1, 0}};
  d = scaled(d, Scaling::filter, w, blocks);
  EXPECT_EQ(d.values, (std::vector<float>{0, 5, 0, 0, 0, 0, 0, 0, 2, 0}));
}

TEST_F(Directions, ByWeightsTheWholeHasTheLengthOfW) {
  const Direction d =
      scaled(gradient_direction(site), Scaling::weights, site.weights(), site.blocks());
  EXPECT_NEAR(d.norm(), norm(site.weights()), 1e-6);
}

TEST_F(Directions, RandomOnesDependOnSeedAndNumberAlone) {
  const Direction one = random_direction(1000, 3, 1);
  EXPECT_EQ(one.values, random_direction(1000, 3, 1).values);
  for (const Direction& other : {random_direction(1000, 3, 2), random_direction(1000, 4, 1)})
    EXPECT_LE(std::abs(cosine(one, other)), 0.15);
  EXPECT_NEAR(one.norm(), std::sqrt(1000), 3);
  EXPECT_NEAR(cosine(one, one), 1, 1e-12);
}

TEST_F(Directions, AlongTheGradientTheObjectiveRisesByItsSquare) {
  const Direction d = gradient_direction(site);
  const double slope = (objective_at(d, 1e-2) - objective_at(d, -1e-2)) / 2e-2;
  EXPECT_NEAR(slope, d.norm() * d.norm(), 1e-3 * slope);
}

TEST_F(Directions, TowardsAnotherModelThatLiesAtOne) {
  const auto other = test::random_vector<float>(site.parameters(), 0.3, 17);
  const double wanted = site.value(other).objective();
  EXPECT_NEAR(objective_at(direction_towards(site, other, "other"), 1), wanted, 1e-6 * wanted);
  EXPECT_EQ(test::refusal([&] {
              return direction_towards(site, std::span(other).first(3), "other");
            }).kind(),
            ErrorKind::usage);
}

TEST_F(Directions, AnAxisIsOneParameterAndSaysWhich) {
  const Direction d = axis_direction(site, 13);
  EXPECT_EQ(d.values[13], 1);
  EXPECT_EQ(d.norm(), 1);
  EXPECT_NE(d.about.find("weight, row 3, column 2"), std::string::npos) << d.about;
  EXPECT_NE(axis_direction(site, 25).about.find("bias, row 2"), std::string::npos);
  EXPECT_THROW((void)axis_direction(site, 28), Error);
}

TEST_F(Directions, WhatHasNoLengthIsRefusedWithWhatToDo) {
  const std::vector<float> nothing(site.parameters());
  const Error error = test::refusal([&] {
    return scaled(random_direction(site.parameters(), 1, 1), Scaling::weights, nothing,
                  site.blocks());
  });
  EXPECT_EQ(error.kind(), ErrorKind::usage);
  EXPECT_NE(error.advice().find("none"), std::string::npos);
  EXPECT_THROW((void)scaled({.values = nothing}, Scaling::none, site.weights(), site.blocks()),
               Error);
}

}  // namespace
}  // namespace fallline::landscape
