#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/slice.hpp>
#include <nlohmann/json.hpp>

#include "support/refusal.hpp"
#include "support/site.hpp"

namespace fallline::landscape {
namespace {

class Slices : public testing::Test {
 protected:
  [[nodiscard]] static Classifier model_of(const Dataset& data, Workers& workers) {
    return test::random_model(data, {.kind = LossKind::hinge}, {.l2 = 0.1}, workers);
  }
  [[nodiscard]] Direction direction(std::uint32_t number) const {
    return scaled(random_direction(site.parameters(), 1, number), Scaling::filter, site.weights(),
                  site.blocks());
  }

  Workers workers{2};
  Dataset data = test::random_dataset(1500, 6, 4, CellType::u8);
  Site site{model_of(data, workers), data, workers};
};

TEST_F(Slices, ALineHasTheCentreItsMinimumAndABreakpointsCurveThroughItsPoints) {
  const Slice found = slice(site, {direction(1)});
  ASSERT_EQ(found.a.size(), 101U);
  EXPECT_TRUE(found.b.empty());
  EXPECT_EQ(found.a[50], 0);
  EXPECT_EQ(found.at(50).objective(), found.centre.objective());
  const double wanted = site.value(site.weights()).objective();
  EXPECT_NEAR(found.centre.objective(), wanted, 1e-6 * wanted);
  ASSERT_TRUE(found.lowest() && found.breakpoints && found.check);
  for (std::size_t i = 0; i < found.a.size(); ++i) {
    EXPECT_LE(found.lowest()->measure.objective(), found.at(i).objective());
    EXPECT_NEAR((*found.breakpoints)(found.a[i]), found.at(i).loss, 1e-5 * found.at(i).loss);
  }
  EXPECT_TRUE(found.check->worst <= 1e-6) << found.check->worst;
}

TEST_F(Slices, APlaneIsRowByRowAndItsMiddleTheCentre) {
  SliceOptions options{.check = 50};
  options.axes = {Axis{.from = -1, .to = 1, .points = 21}, Axis{.from = -2, .to = 2, .points = 11}};
  const Slice found = slice(site, {direction(1), direction(2)}, options);
  ASSERT_EQ(found.points.size(), 21U * 11U);
  EXPECT_EQ(found.at(10, 5).objective(), found.centre.objective());
  const Plane plane{.origin = site.weights(),
                    .first = found.directions[0].values,
                    .second = found.directions[1].values};
  const Measure corner = test::reference_at(site, plane, {.a = 1, .b = -2});
  EXPECT_NEAR(found.at(20, 0).objective(), corner.objective(), 1e-6 * corner.objective());
  EXPECT_FALSE(found.breakpoints);
  EXPECT_TRUE(found.check->worst <= 1e-6) << found.check->worst;
  EXPECT_GT(found.check->seconds_all, found.check->seconds_a_point);
}

TEST_F(Slices, JsonHasEachColumnInFullAndNoMoreThanFiveHundredBreakpoints) {
  SliceOptions options{.steepest = true};
  options.axes[0] = {.from = -30, .to = 30};
  const Slice line = slice(site, {direction(1)}, options);
  const auto json = nlohmann::json::parse(
      landscape::json(line, site, {.run = "runs/x", .part = "train", .which = "all"}));
  EXPECT_EQ(json["kind"], "landscape");
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["model"]["run"], "runs/x");
  EXPECT_EQ(json["model"]["parameters"], 28);
  EXPECT_EQ(json["model"]["architecture"], "linear");
  EXPECT_EQ(json["data"]["examples"], 1500);
  EXPECT_EQ(json["directions"][0]["kind"], "random");
  EXPECT_EQ(json["directions"][0]["scaled"], "filter");
  EXPECT_EQ(json["method"], "linear");
  for (const char* column : {"a", "loss", "objective", "accuracy"})
    EXPECT_EQ(json[column].size(), 101U) << column;
  EXPECT_EQ(json["breakpoints"]["count"], line.breakpoints->breakpoints().size());
  EXPECT_EQ(json["breakpoints"]["shown"], 500);
  for (const char* column : {"a", "loss", "slope_before", "slope_after"})
    EXPECT_EQ(json["breakpoints"][column].size(), 500U) << column;
  for (const char* column : {"rate", "a", "b", "objective", "verdict"})
    EXPECT_EQ(json["steepest"]["steps"][column].size(), 6U) << column;
  EXPECT_EQ(json["check"]["points"], 3);
  EXPECT_EQ(json["interrupted"], false);

  const Slice plane = slice(site, {direction(1), direction(2)});
  const auto rows = nlohmann::json::parse(landscape::json(plane, site, {}));
  EXPECT_EQ(rows["directions"].size(), 2U);
  EXPECT_EQ(rows["b"].size(), 51U);
  for (const char* grid : {"loss", "objective", "accuracy"}) {
    EXPECT_EQ(rows[grid].size(), 51U) << grid;
    EXPECT_EQ(rows[grid][50].size(), 51U) << grid;
  }
}

TEST_F(Slices, WhatIsNotFiniteIsNullInJson) {
  SliceOptions options{.check = 0};
  options.axes[0] = {.from = 0, .to = 1e300, .points = 3};
  const Slice far = slice(site, {scaled(direction(1), Scaling::none, {}, {})}, options);
  const auto json = nlohmann::json::parse(landscape::json(far, site, {}));
  EXPECT_TRUE(json["loss"][0].is_number());
  EXPECT_TRUE(json["loss"][2].is_null());
}

TEST_F(Slices, DirectionsThatAreNotAtRightAnglesAreSaidToBe) {
  Direction skew = direction(1);
  const Direction other = direction(2);
  for (std::size_t i = 0; i < skew.values.size(); ++i) skew.values[i] += other.values[i];
  const Slice found = slice(site, {direction(1), skew});
  ASSERT_FALSE(found.notes.empty());
  EXPECT_NE(found.notes[0].find("right angles"), std::string::npos);
}

TEST_F(Slices, AnInterruptLeavesAPictureThatSaysSo) {
  const std::atomic<bool> interrupt = true;
  const Slice found = slice(site, {direction(1)}, {.interrupt = &interrupt});
  EXPECT_TRUE(found.interrupted);
  EXPECT_LT(found.examples, 1500U);
  EXPECT_TRUE(std::isfinite(found.centre.objective()));
  EXPECT_EQ(found.notes.size(), 1U);
  EXPECT_FALSE(found.check);
}

TEST_F(Slices, WhatCannotBeDrawnIsRefused) {
  const auto kind = [&](std::vector<Direction> directions, const SliceOptions& options) {
    return test::refusal([&] { return slice(site, std::move(directions), options); }).kind();
  };
  SliceOptions backwards;
  backwards.axes[0] = {.from = 1, .to = -1};
  SliceOptions huge;
  huge.axes = {Axis{.points = 100'000}, Axis{.points = 100'000}};
  EXPECT_EQ(kind({}, {}), ErrorKind::usage);
  EXPECT_EQ(kind({direction(1), direction(2), direction(3)}, {}), ErrorKind::usage);
  EXPECT_EQ(kind({direction(1)}, backwards), ErrorKind::usage);
  EXPECT_EQ(kind({direction(1), direction(2)}, huge), ErrorKind::usage);
  EXPECT_EQ(kind({direction(1)}, {.memory_limit = 1000}), ErrorKind::not_enough_memory);
  EXPECT_THROW((void)chart(slice(site, {direction(1), direction(2)}), site), Error);
}

TEST_F(Slices, TheChartOfALineShowsLossAndObjective) {
  const std::string svg = chart(slice(site, {direction(1)}), site).svg();
  EXPECT_NE(svg.find("objective"), std::string::npos);
  EXPECT_NE(svg.find(">loss<"), std::string::npos) << svg.substr(0, 600);
}

}  // namespace
}  // namespace fallline::landscape
