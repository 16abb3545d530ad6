#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/breakpoints.hpp>
#include <fallline/landscape/directions.hpp>
#include <fallline/landscape/plane.hpp>
#include <fallline/landscape/three_points.hpp>

#include "support/refusal.hpp"
#include "support/site.hpp"

namespace fallline::landscape {
namespace {

// Worked out in three_points.hpp.
TEST(HingeLine, OfTheThreePointsIsAsWorkedOutByHand) {
  Workers workers(1);
  const WorkedCase worked = three_points();
  const Site site(worked.model, worked.data, workers);
  const auto line = hinge_line(site, axis_direction(site, 0).values, -3, 3);
  ASSERT_TRUE(line);
  const double at[] = {-1.75, -0.5, 0, 0.75};
  const double slopes[] = {-5.0 / 3, -3.0 / 2, -5.0 / 6, -1.0 / 2, 1.0 / 6};
  const double values[] = {77.0 / 24, 4.0 / 3, 11.0 / 12, 13.0 / 24};
  ASSERT_EQ(line->breakpoints().size(), 4U);
  for (std::size_t k = 0; k < 4; ++k) {
    const PiecewiseLinear::Breakpoint& b = line->breakpoints()[k];
    EXPECT_EQ(b.at, at[k]);
    EXPECT_NEAR(b.value, values[k], 1e-14);
    EXPECT_NEAR(b.slope_before, slopes[k], 1e-14);
    EXPECT_NEAR(b.slope_after, slopes[k + 1], 1e-14);
  }
  EXPECT_EQ(line->minimum().at, 0.75);
  EXPECT_NEAR(line->minimum().value, 13.0 / 24, 1e-14);
  // L(−3) = (5 + 7½ + 3 + 0 + ⅜)/3 and L(3) = (0 + 0 + 0 + 2⅜ + ⅜)/3.
  EXPECT_NEAR((*line)(-3), 15.875 / 3, 1e-14);
  EXPECT_NEAR((*line)(3), 2.75 / 3, 1e-14);
}

/// The margins of every example and other class at a place, in double.
std::vector<double> margins(const Site& site, std::span<const float> d, double a) {
  std::vector<double> w(site.parameters());
  for (std::size_t i = 0; i < w.size(); ++i)
    w[i] = static_cast<double>(site.weights()[i]) + a * static_cast<double>(d[i]);
  const Classifier& model = site.model();
  const ReferenceObjective reference(site.data(), model.preprocessing, model.loss, {});
  std::vector<double> all;
  for (std::size_t i = 0; i < site.size(); ++i) {
    const std::vector<double> f = reference.scores(w, i);
    const auto y = static_cast<std::size_t>(site.data().labels()[i]);
    for (std::size_t j = 0; j < f.size(); ++j)
      if (j != y) all.push_back(f[j] - f[y] + model.loss.delta);
  }
  return all;
}

TEST(HingeLine, HasAKinkForEachMarginThatChangesItsSignAndNoOther) {
  Workers workers(2);
  const Dataset data = test::random_dataset(1200, 8, 5, CellType::f32);
  Site site(test::random_model(data, {.kind = LossKind::hinge, .delta = 0.7}, {}, workers), data,
            workers);
  const auto d = test::random_vector<float>(site.parameters(), 1, 5);
  const auto line = hinge_line(site, d, -0.4, 0.9);
  const std::vector<double> first = margins(site, d, -0.4);
  const std::vector<double> last = margins(site, d, 0.9);
  std::size_t changes = 0;
  double rise = 0;
  for (std::size_t k = 0; k < first.size(); ++k) {
    if ((first[k] > 0) == (last[k] > 0)) continue;
    ++changes;
    rise += std::abs(last[k] - first[k]) / 1.3 / 1200;
  }
  EXPECT_EQ(line->breakpoints().size(), changes);
  EXPECT_GT(changes, 500U);
  const auto& kinks = line->breakpoints();
  EXPECT_NEAR(kinks.back().slope_after - kinks.front().slope_before, rise, 1e-5 * rise);
  for (std::size_t k = 1; k < kinks.size(); ++k) EXPECT_LT(kinks[k - 1].at, kinks[k].at);
}

TEST(HingeLine, IsTheMeanLossAtEveryPlaceOfAFineGridAndItsMinimumTheLowest) {
  Workers workers(2);
  const Dataset data = test::random_dataset(600, 8, 5, CellType::u8);
  Site site(test::random_model(data, {.kind = LossKind::hinge}, {.l2 = 1}, workers), data, workers);
  const auto d = test::random_vector<float>(site.parameters(), 1, 5);
  const auto line = hinge_line(site, d, -1, 1);
  const PiecewiseLinear::Minimum lowest = line->minimum();
  std::vector<PlanePoint> points;
  for (int i = -1000; i <= 1000; ++i) points.push_back({.a = 0.001 * i});
  const auto found = measure_plane(site, {.origin = site.weights(), .first = d}, points).points;
  double least = found[0].loss;
  for (std::size_t p = 0; p < points.size(); ++p) {
    EXPECT_NEAR((*line)(points[p].a), found[p].loss, 1e-5 * found[p].loss);
    EXPECT_LE(lowest.value, found[p].loss * (1 + 1e-6));
    least = std::min(least, found[p].loss);
  }
  EXPECT_NEAR(least, lowest.value, 0.02 * lowest.value);
}

TEST(HingeLine, TheSameBitsForAnyNumberOfWorkers) {
  const Dataset data = test::random_dataset(1700, 8, 5, CellType::u8);
  std::vector<double> wanted;
  for (const std::size_t threads : {1U, 2U, 3U, 7U}) {
    Workers workers(threads);
    Site site(test::random_model(data, {.kind = LossKind::hinge}, {}, workers), data, workers);
    const auto d = test::random_vector<float>(site.parameters(), 1, 5);
    std::vector<double> found;
    const auto line = hinge_line(site, d, -1, 1);
    for (const auto& b : line->breakpoints())
      found.insert(found.end(), {b.at, b.value, b.slope_before, b.slope_after});
    if (wanted.empty()) wanted = found;
    EXPECT_EQ(found, wanted) << threads;
  }
}

TEST(PiecewiseLinear, KinksAtOnePlaceAreOneBreakpointAndTheEndsCount) {
  const PiecewiseLinear f(
      0, 4, 10, -3, {{.at = 2, .change = 1}, {.at = 1, .change = 1}, {.at = 2, .change = 1.5}});
  ASSERT_EQ(f.breakpoints().size(), 2U);
  EXPECT_EQ(f.breakpoints()[1].at, 2);
  EXPECT_EQ(f.breakpoints()[1].slope_before, -2);
  EXPECT_EQ(f.breakpoints()[1].slope_after, 0.5);
  EXPECT_EQ(f(0), 10);
  EXPECT_EQ(f(1), 7);
  EXPECT_EQ(f(1.5), 6);
  EXPECT_EQ(f(4), 6);
  EXPECT_EQ(f.minimum().at, 2);
  EXPECT_EQ(f.minimum().value, 5);
  EXPECT_EQ(PiecewiseLinear(0, 4, 1, 2, {}).minimum().at, 0);
  EXPECT_EQ(PiecewiseLinear(0, 4, 1, -2, {}).minimum().at, 4);
  EXPECT_EQ(PiecewiseLinear(0, 4, 1, -2, {}).minimum().value, -7);
}

TEST(HingeLine, WhatIsNotPiecewiseLinearOrDoesNotFitIsRefused) {
  Workers workers(1);
  const Dataset data = test::random_dataset(100, 4, 3, CellType::f32);
  const Site softmax(test::random_model(data, {}, {}, workers), data, workers);
  const Site hinge(test::random_model(data, {.kind = LossKind::hinge}, {}, workers), data, workers);
  const std::vector<float> d(hinge.parameters(), 1);
  const auto kind = [&](const Site& site, double from, double to, std::uint64_t memory) {
    return test::refusal([&] { return hinge_line(site, d, from, to, memory); }).kind();
  };
  EXPECT_EQ(kind(softmax, -1, 1, 0), ErrorKind::usage);
  EXPECT_EQ(kind(hinge, 1, 1, 0), ErrorKind::usage);
  EXPECT_EQ(kind(hinge, -1, INFINITY, 0), ErrorKind::usage);
  EXPECT_EQ(kind(hinge, -1, 1, 1000), ErrorKind::not_enough_memory);
}

TEST(HingeLine, AnInterruptLeavesNothing) {
  Workers workers(1);
  const std::atomic<bool> interrupt = true;
  const WorkedCase worked = three_points();
  const Site site(worked.model, worked.data, workers);
  EXPECT_FALSE(hinge_line(site, axis_direction(site, 0).values, -3, 3, 0, &interrupt));
}

}  // namespace
}  // namespace fallline::landscape
