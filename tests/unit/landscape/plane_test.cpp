#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/choice.hpp>
#include <fallline/landscape/directions.hpp>
#include <fallline/landscape/plane.hpp>

#include "support/every_loss.hpp"
#include "support/refusal.hpp"
#include "support/site.hpp"

namespace fallline::landscape {
namespace {

constexpr Penalty both{.l2 = 0.02, .l1 = 0.003};

/// A site of random weights with a plane through it.
struct Spot {
  Spot(const Dataset& data, const Loss& loss, const Penalty& penalty, Workers& workers)
      : site(test::random_model(data, loss, penalty, workers), data, workers),
        first(test::random_vector<float>(site.parameters(), 0.2, 11)),
        second(test::random_vector<float>(site.parameters(), 0.3, 12)) {}

  [[nodiscard]] Plane plane() const {
    return {.origin = site.weights(), .first = first, .second = second};
  }
  [[nodiscard]] Plane line() const { return {.origin = site.weights(), .first = first}; }

  Site site;
  std::vector<float> first;
  std::vector<float> second;
};

std::vector<PlanePoint> lattice(int n) {
  std::vector<PlanePoint> points;
  for (int j = -n; j <= n; ++j)
    for (int i = -n; i <= n; ++i) points.push_back({.a = 1.3 * i / n, .b = 0.7 * j / n});
  return points;
}

TEST(Plane, AtItsOriginIsTheObjectiveForEveryLoss) {
  Workers workers(2);
  const Dataset data = test::random_dataset(1500, 19, 7, CellType::u8);
  for (const LossKind kind : test::every_loss) {
    Spot spot(data, {.kind = kind}, both, workers);
    const PlanePoint origin[] = {{}};
    const Measure found = measure_plane(spot.site, spot.plane(), origin).points[0];
    const Measure wanted = spot.site.value(spot.site.weights());
    EXPECT_LE(std::abs(found.loss - wanted.loss), 1e-7 * wanted.loss) << name_of(kind);
    EXPECT_LE(std::abs(found.penalty - wanted.penalty), 1e-12 * wanted.penalty);
    EXPECT_EQ(found.correct, wanted.correct);
    EXPECT_EQ(found.examples, 1500U);
  }
}

TEST(Plane, FromScoresIsTheObjectiveAtThePointForEveryLossCellAndPenalty) {
  Workers workers(2);
  const std::vector<PlanePoint> points = lattice(3);
  for (const CellType cells : {CellType::u8, CellType::f32})
    for (const LossKind kind : test::every_loss)
      for (const Penalty& penalty : {Penalty{}, Penalty{.l2 = 0.1}, Penalty{.l1 = 0.01}, both}) {
        Spot spot(test::random_dataset(1111, 19, 7, cells), {.kind = kind}, penalty, workers);
        const PlaneMeasures fast = measure_plane(spot.site, spot.plane(), points);
        const PlaneMeasures direct =
            measure_plane(spot.site, spot.plane(), points, {.method = PlaneMethod::direct});
        EXPECT_EQ(fast.method, PlaneMethod::scores);
        EXPECT_EQ(direct.method, PlaneMethod::direct);
        for (std::size_t p = 0; p < points.size(); ++p) {
          const Measure wanted = test::reference_at(spot.site, spot.plane(), points[p]);
          const Measure& found = fast.points[p];
          EXPECT_LE(std::abs(found.loss - wanted.loss), 1e-6 * wanted.loss) << name_of(kind);
          EXPECT_LE(std::abs(found.penalty - wanted.penalty), 1e-12 * wanted.penalty);
          EXPECT_LE(std::abs(found.objective() - direct.points[p].objective()),
                    1e-6 * direct.points[p].objective());
          EXPECT_LE(std::abs(found.accuracy() - wanted.accuracy()), 2.0 / 1111);
        }
      }
}

TEST(Plane, ALineIsThePlaneWhereBIsZero) {
  Workers workers(1);
  Spot spot(test::random_dataset(300, 9, 4, CellType::f32), {}, both, workers);
  const std::vector<PlanePoint> points{{.a = -1}, {.a = 0}, {.a = 2.5}};
  const PlaneMeasures line = measure_plane(spot.site, spot.line(), points);
  const PlaneMeasures plane = measure_plane(spot.site, spot.plane(), points);
  for (std::size_t p = 0; p < points.size(); ++p) {
    EXPECT_LE(std::abs(line.points[p].objective() - plane.points[p].objective()),
              1e-12 * plane.points[p].objective());
    EXPECT_EQ(line.points[p].correct, plane.points[p].correct);
  }
}

TEST(Plane, TheSameBitsForAnyNumberOfWorkersAndAnyNeighbours) {
  const Dataset data = test::random_dataset(2777, 12, 4, CellType::u8);
  const std::vector<PlanePoint> points = lattice(5);
  std::vector<double> wanted;
  for (const std::size_t threads : {1U, 2U, 3U, 7U}) {
    Workers workers(threads);
    Spot spot(data, {}, both, workers);
    std::vector<double> found;
    for (const Measure& m : measure_plane(spot.site, spot.plane(), points).points) {
      found.push_back(m.objective());
      found.push_back(m.accuracy());
    }
    if (wanted.empty()) wanted = found;
    EXPECT_EQ(found, wanted) << threads;
    // A point by itself.
    const Measure alone =
        measure_plane(spot.site, spot.plane(), std::span(points).subspan(40, 1)).points[0];
    EXPECT_EQ(alone.objective(), wanted[80]);
  }
}

TEST(Plane, WithoutAccuracyTheLossesAreTheSame) {
  Workers workers(2);
  Spot spot(test::random_dataset(500, 6, 3, CellType::f32), {.kind = LossKind::hinge}, {}, workers);
  const std::vector<PlanePoint> points = lattice(2);
  const PlaneMeasures with = measure_plane(spot.site, spot.plane(), points);
  const PlaneMeasures without = measure_plane(spot.site, spot.plane(), points, {.accuracy = false});
  for (std::size_t p = 0; p < points.size(); ++p) {
    EXPECT_EQ(with.points[p].loss, without.points[p].loss);
    EXPECT_EQ(without.points[p].correct, 0U);
  }
}

TEST(Plane, OfOneExampleIsConvexAlongEveryLine) {
  Workers workers(1);
  const Dataset data = test::random_dataset(40, 5, 4, CellType::f32);
  std::vector<PlanePoint> points;
  for (int i = -200; i <= 200; ++i) points.push_back({.a = 0.05 * i});
  for (const LossKind kind : test::every_loss)
    for (std::size_t number = 1; number <= 40; number += 3) {
      const Dataset one = choose(data, {.which = Which::example, .number = number});
      Spot spot(one, {.kind = kind}, {}, workers);
      const std::vector<Measure> found = measure_plane(spot.site, spot.line(), points).points;
      for (std::size_t p = 1; p + 1 < found.size(); ++p)
        EXPECT_LE(2 * found[p].loss, (found[p - 1].loss + found[p + 1].loss) * (1 + 2e-6) + 1e-6)
            << name_of(kind) << " of example " << number;
    }
}

// The mean of one-example bowls is the bowl of many.
TEST(Plane, OfManyExamplesIsTheMeanOfThoseOfEach) {
  Workers workers(1);
  const Dataset data = test::random_dataset(21, 5, 4, CellType::f32);
  const Classifier model = test::random_model(data, {.kind = LossKind::hinge}, both, workers);
  Site all(model, data, workers);
  const auto d = test::random_vector<float>(all.parameters(), 1, 5);
  const std::vector<PlanePoint> points{{.a = -2}, {.a = 0.3}, {.a = 4}};
  std::vector<double> mean(points.size());
  for (std::size_t number = 1; number <= 21; ++number) {
    Site one(model, choose(data, {.which = Which::example, .number = number}), workers);
    const auto found = measure_plane(one, {.origin = one.weights(), .first = d}, points);
    for (std::size_t p = 0; p < points.size(); ++p) mean[p] += found.points[p].objective() / 21;
  }
  const auto found = measure_plane(all, {.origin = all.weights(), .first = d}, points);
  for (std::size_t p = 0; p < points.size(); ++p)
    EXPECT_LE(std::abs(found.points[p].objective() - mean[p]), 1e-6 * mean[p]);
}

TEST(Plane, AnInterruptLeavesTheMeansOverTheExamplesUntilThen) {
  Workers workers(2);
  const std::atomic<bool> interrupt = true;
  const Dataset data = test::random_dataset(3000, 6, 3, CellType::f32);
  Spot spot(data, {}, {}, workers);
  const std::vector<PlanePoint> points = lattice(1);
  const PlaneMeasures found =
      measure_plane(spot.site, spot.plane(), points, {.interrupt = &interrupt});
  EXPECT_TRUE(found.interrupted);
  ASSERT_GT(found.examples, 0U);
  ASSERT_LT(found.examples, 3000U);
  Site part(spot.site.model(), data.subset(test::indices(found.examples)), workers);
  const PlaneMeasures wanted = measure_plane(part, spot.plane(), points);
  for (std::size_t p = 0; p < points.size(); ++p)
    EXPECT_EQ(found.points[p].loss, wanted.points[p].loss);
}

TEST(Plane, AnInterruptOfTheDirectWayLeavesThePointsUntilThen) {
  Workers workers(1);
  const std::atomic<bool> interrupt = true;
  Spot spot(test::random_dataset(50, 6, 3, CellType::f32), {}, {}, workers);
  const PlaneMeasures found =
      measure_plane(spot.site, spot.plane(), lattice(1),
                    {.method = PlaneMethod::direct, .interrupt = &interrupt});
  EXPECT_TRUE(found.interrupted);
  EXPECT_TRUE(std::isfinite(found.points[0].objective()));
  EXPECT_TRUE(std::isnan(found.points[1].objective()));
}

TEST(Plane, WeightsThatAreTooLargeForAFloatGiveWhatIsNotFinite) {
  Workers workers(1);
  Spot spot(test::random_dataset(50, 6, 3, CellType::f32), {}, {}, workers);
  const PlanePoint far[] = {{.a = 1e38, .b = 1e38}, {.a = 1e300}};
  for (const Measure& m : measure_plane(spot.site, spot.plane(), far).points)
    EXPECT_FALSE(std::isfinite(m.loss));
}

TEST(Plane, OtherSizesAreRefused) {
  Workers workers(1);
  Spot spot(test::random_dataset(50, 6, 3, CellType::f32), {}, {}, workers);
  const std::vector<float> few(5);
  const PlanePoint origin[] = {{}};
  EXPECT_EQ(test::refusal([&] {
              return measure_plane(spot.site, {.origin = spot.site.weights(), .first = few},
                                   origin);
            }).kind(),
            ErrorKind::usage);
}

TEST(Site, WhatItCannotMeasureIsRefused) {
  Workers workers(1);
  const Dataset data = test::random_dataset(10, 6, 3, CellType::f32);
  const Classifier model = test::random_model(data, {}, {}, workers);
  EXPECT_EQ(test::refusal([&] {
              Site(model, data.subset({}), workers);
              return 0;
            }).kind(),
            ErrorKind::bad_input);
  EXPECT_EQ(test::refusal([&] {
              Site(model, test::random_dataset(10, 5, 3, CellType::f32), workers);
              return 0;
            }).kind(),
            ErrorKind::bad_input);
}

TEST(Choice, AllABatchOrOneExample) {
  const Dataset data = test::random_dataset(100, 3, 4, CellType::f32);
  EXPECT_EQ(choose(data, {}).size(), 100U);
  const Dataset batch = choose(data, {.which = Which::batch, .batch = 30, .seed = 4});
  ASSERT_EQ(batch.size(), 30U);
  std::vector<const std::byte*> rows(batch.rows().begin(), batch.rows().end());
  std::ranges::sort(rows);
  EXPECT_EQ(std::ranges::adjacent_find(rows), rows.end()) << "an example was drawn twice";
  EXPECT_EQ(choose(data, {.which = Which::example, .number = 100}).rows()[0], data.rows()[99]);
  for (const Choice& none :
       {Choice{.which = Which::example, .number = 0},
        Choice{.which = Which::example, .number = 101}, Choice{.which = Which::batch, .batch = 101},
        Choice{.which = Which::batch, .batch = 0}})
    EXPECT_EQ(test::refusal([&] { return choose(data, none); }).kind(), ErrorKind::usage);
}

}  // namespace
}  // namespace fallline::landscape
