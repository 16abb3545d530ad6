#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/directions.hpp>
#include <fallline/landscape/steepest.hpp>
#include <fallline/tune/steps.hpp>

#include "support/refusal.hpp"
#include "support/site.hpp"

namespace fallline::landscape {
namespace {

class Steepest : public testing::Test {
 protected:
  [[nodiscard]] Plane through(std::span<const float> one, std::span<const float> other = {}) const {
    return {.origin = site.weights(), .first = one, .second = other};
  }

  Workers workers{2};
  Dataset data = test::random_dataset(300, 6, 4, CellType::f32);
  Site site{test::random_model(data, {}, {.l2 = 0.1}, workers), data, workers};
  std::vector<float> gradient = gradient_direction(site).values;
  std::vector<float> one = test::random_vector<float>(site.parameters(), 1, 5);
  std::vector<float> other = test::random_vector<float>(site.parameters(), 1, 6);
};

TEST_F(Steepest, AlongTheGradientItselfAStepIsThatOfPlainDescent) {
  const std::vector<double> rates{0.01, 0.1, 1, 10};
  const SteepestDescent d = descend_steepest(site, through(gradient), {}, rates);
  EXPECT_NEAR(d.direction.a, -1, 1e-9);
  EXPECT_NEAR(d.share, 1, 1e-6);
  const Classifier& m = site.model();
  const std::vector<Measure> steps = tune::measure_steps(data, m.preprocessing, m.loss, m.penalty,
                                                         site.weights(), gradient, rates, workers);
  for (std::size_t k = 0; k < rates.size(); ++k) {
    EXPECT_NEAR(d.steps[k].to.a, -rates[k], 1e-9 * rates[k]);
    EXPECT_NEAR(d.steps[k].measure.objective(), steps[k].objective(), 1e-6 * steps[k].objective());
  }
}

// The descent is in the plane, whatever two directions span it.
TEST_F(Steepest, DoesNotDependOnTheLengthsAndAnglesOfTheDirections) {
  std::vector<float> skew(one.size());
  for (std::size_t i = 0; i < one.size(); ++i) skew[i] = 3 * one[i] + 0.5F * other[i];
  const SteepestDescent straight = descend_steepest(site, through(one, other), {}, {0.5});
  const SteepestDescent skewed = descend_steepest(site, through(one, skew), {}, {0.5});
  EXPECT_NEAR(straight.share, skewed.share, 1e-6);
  // skew = 3 one + ½ other.
  EXPECT_NEAR(skewed.steps[0].to.b * 0.5, straight.steps[0].to.b, 1e-6);
  EXPECT_NEAR(skewed.steps[0].to.a + 3 * skewed.steps[0].to.b, straight.steps[0].to.a, 1e-6);
  EXPECT_LT(straight.share, 1);
  EXPECT_GT(straight.share, 0);
}

TEST_F(Steepest, TheRatesThatAreChosenBarelyMoveImproveAndOvershoot) {
  for (const Plane& plane : {through(gradient), through(one, other)}) {
    const SteepestDescent d = descend_steepest(site, plane, {.a = 0.3, .b = -0.2});
    ASSERT_EQ(d.steps.size(), 6U);
    EXPECT_EQ(d.steps.front().verdict, tune::StepVerdict::barely_moves);
    EXPECT_EQ(d.steps[3].verdict, tune::StepVerdict::improves);
    EXPECT_EQ(d.steps.back().verdict, tune::StepVerdict::overshoots);
    for (const PlaneStep& step : d.steps) {
      const double wanted = test::reference_at(site, plane, step.to).objective();
      EXPECT_NEAR(step.measure.objective(), wanted, 1e-5 * wanted);
    }
  }
}

TEST_F(Steepest, FromAPointOfThePlaneTheGradientIsThatOfThePoint) {
  std::vector<float> w(site.parameters());
  std::vector<float> g(w.size());
  const Plane plane = through(one, other);
  plane.at(0.3, -0.2, w);
  const Measure there = site.value_and_gradient(w, g);
  const SteepestDescent d = descend_steepest(site, plane, {.a = 0.3, .b = -0.2}, {1e-6});
  EXPECT_EQ(d.measure.objective(), there.objective());
  EXPECT_EQ(d.measure.gradient_norm, there.gradient_norm);
  // A small step lowers L by α ‖the part in the plane‖².
  const double part = d.share * there.gradient_norm;
  EXPECT_NEAR(d.steps[0].to.a - 0.3, 1e-6 * d.direction.a, 1e-15);
  EXPECT_GT(part, 0);
}

TEST_F(Steepest, DirectionsOnOneLineAndStepsThatAreNoneAreRefused) {
  EXPECT_EQ(test::refusal([&] { return descend_steepest(site, through(one, one), {}); }).kind(),
            ErrorKind::usage);
  for (const double rate : {0.0, -1.0, std::nan("")})
    EXPECT_EQ(
        test::refusal([&] { return descend_steepest(site, through(one), {}, {rate}); }).kind(),
        ErrorKind::usage);
}

}  // namespace
}  // namespace fallline::landscape
