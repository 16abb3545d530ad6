#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/objective/batch_objective.hpp>
#include <fallline/tune/gradient_noise.hpp>

#include "support/datasets.hpp"
#include "support/refusal.hpp"
#include "support/table.hpp"

namespace fallline::tune {
namespace {

Parts noisy_rows(CellType cells = CellType::f32) {
  return {.train = test::random_dataset(3000, 12, 4, cells)};
}

TEST(GradientNoise, FallsAsTheRootOfTheBatchSize) {
  Workers workers(2);
  for (const LossKind kind : {LossKind::softmax, LossKind::hinge}) {
    GradientNoiseOptions options{.largest = 1024, .draws = 64, .copies = 0};
    options.training.loss.kind = kind;
    const GradientNoise noise = measure_gradient_noise(noisy_rows(), options, workers);
    ASSERT_EQ(noise.sizes.size(), 11U);
    ASSERT_TRUE(noise.exponent);
    // Of n draws of a Gaussian in one dimension, the widest there is, ln of the root mean square is
    // off by 1/√(2n), and a slope over x = k ln 2, k = 0…10, by that over √Σ(x − x̄)² = ln 2 √110.
    const double error = 1 / std::sqrt(2 * 64.0) / (std::log(2.0) * std::sqrt(110.0));
    EXPECT_LE(std::abs(*noise.exponent + 0.5), 4 * error) << name_of(kind);
    EXPECT_LE(noise.exponent_error, 2 * error);
    EXPECT_GT(noise.exponent_error, 0);
    for (std::size_t i = 1; i < noise.sizes.size(); ++i)
      EXPECT_LT(noise.sizes[i].angle, noise.sizes[0].angle);
  }
}

TEST(GradientNoise, IsTheCovarianceOfTheExamplesGradientsOverTheBatchSize) {
  Workers workers(2);
  const Parts parts = {.train = test::random_dataset(400, 6, 3, CellType::f32)};
  GradientNoiseOptions options{.largest = 64, .draws = 400, .copies = 0};
  options.training.preprocessing = PreprocessingKind::none;
  options.training.initial_scale = 0;
  const GradientNoise noise = measure_gradient_noise(parts, options, workers);
  BatchObjective objective(parts.train, Preprocessing::identity(6), {}, {}, workers);
  const std::vector<float> w(objective.parameters());
  std::vector<float> g(w.size());
  (void)objective.value_and_gradient(w, test::indices(400), g);
  double covariance = 0;
  std::vector<float> one(w.size());
  for (std::size_t i = 0; i < 400; ++i) {
    (void)objective.value_and_gradient(w, std::span(&i, 1), one);
    for (std::size_t k = 0; k < g.size(); ++k)
      covariance += std::pow(static_cast<double>(one[k] - g[k]), 2) / 400;
  }
  const double norm = noise.gradient_norm;
  // E ‖g_b − g‖² = tr Σ / b; the mean over sizes of b·distance² is tr Σ / ‖g‖².
  EXPECT_LE(std::abs(noise.noise_scale / (covariance / (norm * norm)) - 1), 0.15);
}

TEST(GradientNoise, OfSingleExamplesByHand) {
  Workers workers(1);
  const Dataset pair = test::table<float>(1, {1, -1}, {0, 1}, {"a", "b"});
  GradientNoiseOptions options{.largest = 1, .draws = 8, .copies = 0};
  options.training.preprocessing = PreprocessingKind::none;
  options.training.initial_scale = 0;
  // Both examples have ∂L/∂w = (−½, ½), and biases (−½, ½) and (½, −½), which cancel: ‖g_1 − g‖ and
  // ‖g‖ are both √½, at right angles.
  const GradientNoise noise = measure_gradient_noise({.train = pair}, options, workers);
  ASSERT_EQ(noise.sizes.size(), 1U);
  EXPECT_LE(std::abs(noise.gradient_norm - std::sqrt(0.5)), 1e-6);
  EXPECT_LE(std::abs(noise.sizes[0].distance - 1), 1e-6);
  EXPECT_LE(std::abs(noise.sizes[0].angle - 45), 1e-4);
  EXPECT_LE(std::abs(noise.noise_scale - 1), 1e-6);
  EXPECT_FALSE(noise.exponent) << "of one size";
}

TEST(GradientNoise, OfExamplesThatAreAllAlikeThereIsNoneAndNoExponent) {
  Workers workers(1);
  const Dataset alike = test::table<float>(1, {1, 1}, {0, 0}, {"a", "b"});
  GradientNoiseOptions options{.largest = 2, .draws = 8, .copies = 0};
  options.training.preprocessing = PreprocessingKind::none;
  const GradientNoise noise = measure_gradient_noise({.train = alike}, options, workers);
  ASSERT_EQ(noise.sizes.size(), 2U);
  for (const BatchNoise& s : noise.sizes) {
    EXPECT_EQ(s.distance, 0);
    EXPECT_EQ(s.error, 0);
    EXPECT_LE(s.angle, 1e-4);
  }
  EXPECT_FALSE(noise.exponent);
  EXPECT_EQ(noise.noise_scale, 0);
}

TEST(GradientNoise, TheSameFiguresForAnyNumberOfWorkersAndOthersForAnotherSeed) {
  Workers one(1);
  Workers many(3);
  GradientNoiseOptions options{.largest = 64, .draws = 4, .copies = 0};
  const std::string found = json(measure_gradient_noise(noisy_rows(CellType::u8), options, one));
  EXPECT_EQ(json(measure_gradient_noise(noisy_rows(CellType::u8), options, many)), found);
  options.training.seed = 2;
  EXPECT_NE(json(measure_gradient_noise(noisy_rows(CellType::u8), options, one)), found);
}

TEST(Duplicates, HaveTheMeanLossAndGradientOfTheDistinctToRounding) {
  Workers workers(2);
  for (const CellType cells : {CellType::u8, CellType::f32})
    for (const LossKind kind : {LossKind::softmax, LossKind::hinge, LossKind::squared_hinge}) {
      GradientNoiseOptions options{.largest = 1, .draws = 2, .distinct = 100, .copies = 120};
      options.training.loss.kind = kind;
      const GradientNoise noise = measure_gradient_noise(noisy_rows(cells), options, workers);
      ASSERT_TRUE(noise.duplicates);
      const Duplicates& d = *noise.duplicates;
      EXPECT_EQ(d.distinct * d.copies, 12'000U);
      EXPECT_LE(std::abs(d.loss_of_copies - d.loss), 1e-12 * d.loss) << name_of(kind);
      EXPECT_LE(d.gradient_difference, d.rounding) << name_of(kind);
    }
}

TEST(Duplicates, AreAViewThatCopiesNoCell) {
  const Dataset few = test::random_dataset(10, 5, 2, CellType::u8);
  const Dataset many = repeated(few, 1200);
  ASSERT_EQ(many.size(), 12'000U);
  EXPECT_EQ(many.storage_bytes(), few.storage_bytes());
  for (std::size_t i = 0; i < many.size(); i += 7) {
    EXPECT_EQ(many.rows()[i], few.rows()[i % 10]);
    EXPECT_EQ(many.labels()[i], few.labels()[i % 10]);
  }
  EXPECT_THROW((void)repeated(few, 0), Error);
}

TEST(GradientNoise, AnInterruptLeavesTheSizesThatAreDone) {
  Workers workers(1);
  std::atomic<bool> interrupt = false;
  const GradientNoise noise = measure_gradient_noise(
      noisy_rows(), {}, workers, nullptr, [&](const BatchNoise& s) { interrupt = s.size == 4; },
      &interrupt);
  EXPECT_TRUE(noise.interrupted);
  EXPECT_EQ(noise.sizes.size(), 3U);
  EXPECT_FALSE(noise.duplicates);
}

TEST(GradientNoise, WhatCannotBeMeasuredIsRefused) {
  Workers workers(1);
  const auto kind = [&](const GradientNoiseOptions& options) {
    return test::refusal([&] { return measure_gradient_noise(noisy_rows(), options, workers); })
        .kind();
  };
  EXPECT_EQ(kind({.largest = 0}), ErrorKind::usage);
  EXPECT_EQ(kind({.draws = 1}), ErrorKind::usage);
  EXPECT_EQ(kind({.distinct = 0}), ErrorKind::usage);
  GradientNoiseOptions small;
  small.training.memory_limit = 1000;
  EXPECT_EQ(kind(small), ErrorKind::not_enough_memory);
}

}  // namespace
}  // namespace fallline::tune
