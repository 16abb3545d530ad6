#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/path_plane.hpp>

#include "support/datasets.hpp"
#include "support/refusal.hpp"

namespace fallline::landscape {
namespace {

constexpr std::size_t size = 5000;

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

/// Points c_k·u + s_k·v + noise, with random u and v.
Displacements points_about_a_plane(std::size_t n, double noise) {
  Displacements points{.start = test::random_vector<float>(size, 1, 1)};
  const auto u = test::random_vector<double>(size, 1, 2);
  const auto v = test::random_vector<double>(size, 1, 3);
  for (std::size_t k = 0; k < n; ++k) {
    const auto beside = test::random_vector<double>(size, noise, 10 + k);
    const double t = static_cast<double>(k) / static_cast<double>(n);
    std::vector<float>& row = points.rows.emplace_back(size);
    for (std::size_t i = 0; i < size; ++i)
      row[i] = static_cast<float>(3 * t * u[i] + std::sin(6 * t) * v[i] + beside[i]);
  }
  return points;
}

void expect_orthonormal(const PathPlane& plane) {
  EXPECT_NEAR(dot(plane.first, plane.first), 1, 1e-6);
  EXPECT_NEAR(dot(plane.second, plane.second), 1, 1e-6);
  EXPECT_NEAR(dot(plane.first, plane.second), 0, 1e-6);
}

TEST(PathPlane, OfPointsInAPlaneIsThatPlaneAndNothingLiesBesideIt) {
  Workers workers(2);
  for (const PlaneKind kind : {PlaneKind::principal, PlaneKind::start_end}) {
    const Displacements points = points_about_a_plane(30, 0);
    const PathPlane plane = plane_through(points, kind, 29, workers);
    expect_orthonormal(plane);
    EXPECT_NEAR(plane.explained[0] + plane.explained[1], 1, 1e-6) << name_of(kind);
    for (const auto& row : points.rows)
      EXPECT_LE(project(plane, points.start, row).residual, 1e-5 * (1 + std::sqrt(dot(row, row))));
  }
}

// By the theorem of Eckart and Young no plane leaves less beside it.
TEST(PathPlane, PrincipalLeavesLessBesideItThanAnother) {
  Workers workers(2);
  const Displacements points = points_about_a_plane(25, 0.3);
  const auto beside = [&](const PathPlane& plane) {
    double squares = 0;
    for (const auto& row : points.rows)
      squares += std::pow(project(plane, points.start, row).residual, 2);
    return squares;
  };
  const PathPlane best = plane_through(points, PlaneKind::principal, 0, workers);
  expect_orthonormal(best);
  EXPECT_GT(best.explained[0], best.explained[1]);
  EXPECT_LT(beside(best), beside(plane_through(points, PlaneKind::start_end, 24, workers)));
  PathPlane turned = best;
  for (std::size_t i = 0; i < size; ++i)
    turned.first[i] = best.first[i] + 0.01F * points.start[i] / 70;
  EXPECT_LT(beside(best), beside(turned));
}

TEST(PathPlane, TheVarianceIsThatOfTheCoordinatesAndOfTheResiduals) {
  Workers workers(1);
  const Displacements points = points_about_a_plane(20, 0.2);
  const PathPlane plane = plane_through(points, PlaneKind::principal, 0, workers);
  double along = 0;
  double beside = 0;
  for (const auto& row : points.rows) {
    const Projection p = project(plane, points.start, row);
    along += p.place.a * p.place.a + p.place.b * p.place.b;
    beside += p.residual * p.residual;
  }
  EXPECT_NEAR(plane.explained[0] + plane.explained[1], along / (along + beside), 1e-6);
}

TEST(PathPlane, FromStartToEndHasBothInIt) {
  Workers workers(1);
  Displacements points = points_about_a_plane(20, 0.2);
  std::ranges::fill(points.rows[0], 0.0F);
  const PathPlane plane = plane_through(points, PlaneKind::start_end, 19, workers);
  EXPECT_EQ(plane.origin, points.start);
  const Projection start = project(plane, points.start, points.rows[0]);
  EXPECT_EQ(start.place.a, 0);
  EXPECT_EQ(start.place.b, 0);
  EXPECT_EQ(start.residual, 0);
  const Projection end = project(plane, points.start, points.rows[19]);
  const double length = std::sqrt(dot(points.rows[19], points.rows[19]));
  EXPECT_NEAR(end.place.a, length, 1e-6 * length);
  EXPECT_LE(end.residual, 1e-5 * length);
}

TEST(PathPlane, ThePathGoesToTheRightAndUpwards) {
  Workers workers(1);
  Displacements points = points_about_a_plane(20, 0.2);
  for (int round = 0; round < 2; ++round) {
    const PathPlane plane = plane_through(points, PlaneKind::principal, 19, workers);
    const PlanePoint from = project(plane, points.start, points.rows[0]).place;
    const PlanePoint to = project(plane, points.start, points.rows[19]).place;
    EXPECT_GE(to.a, from.a);
    EXPECT_GE(to.b, from.b);
    std::ranges::reverse(points.rows);
  }
}

TEST(PathPlane, OfPointsOnALineOrOfOneAloneTheRestIsFilledUp) {
  Workers workers(1);
  Displacements line{.start = test::random_vector<float>(50, 1, 1)};
  const auto u = test::random_vector<float>(50, 1, 2);
  for (int k = 0; k < 4; ++k) {
    line.rows.push_back(u);
    for (float& x : line.rows.back()) x *= static_cast<float>(k);
  }
  Displacements point{.start = line.start, .rows = {std::vector<float>(50)}};
  for (const PlaneKind kind : {PlaneKind::principal, PlaneKind::start_end}) {
    const PathPlane plane = plane_through(line, kind, 3, workers);
    expect_orthonormal(plane);
    EXPECT_NEAR(plane.explained[0], 1, 1e-6);
    EXPECT_NEAR(plane.explained[1], 0, 1e-6);
    expect_orthonormal(plane_through(point, kind, 0, workers));
  }
}

TEST(PathPlane, TheSameBitsForAnyNumberOfWorkers) {
  const Displacements points = points_about_a_plane(20, 0.2);
  Workers one(1);
  Workers many(3);
  const PathPlane a = plane_through(points, PlaneKind::principal, 0, one);
  const PathPlane b = plane_through(points, PlaneKind::principal, 0, many);
  EXPECT_EQ(a.origin, b.origin);
  EXPECT_EQ(a.first, b.first);
  EXPECT_EQ(a.second, b.second);
  EXPECT_EQ(a.explained, b.explained);
}

TEST(PathPlane, NoPointsOrOnesThatAreNotFiniteAreRefused) {
  Workers workers(1);
  Displacements points = points_about_a_plane(3, 0);
  points.rows[1][7] = INFINITY;
  for (const Displacements& bad : {points, Displacements{.start = points.start}})
    EXPECT_EQ(
        test::refusal([&] { return plane_through(bad, PlaneKind::principal, 0, workers); }).kind(),
        ErrorKind::usage);
}

}  // namespace
}  // namespace fallline::landscape
