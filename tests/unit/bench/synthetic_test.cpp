#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fallline/bench/synthetic.hpp>
#include <fallline/error.hpp>
#include <vector>

#include "support/refusal.hpp"

namespace fallline::bench {
namespace {

constexpr SyntheticOptions small{.examples = 700, .features = 31, .classes = 3};

std::vector<float> cells_of(const Dataset& data) {
  std::vector<float> all(data.size() * data.features());
  for (std::size_t i = 0; i < data.size(); ++i)
    data.copy_row(i, std::span(all).subspan(i * data.features(), data.features()));
  return all;
}

SyntheticOptions of_cells(CellType cells) {
  SyntheticOptions options = small;
  options.cells = cells;
  return options;
}

TEST(Synthetic, IsTheSameForAnyNumberOfWorkersAndAnotherForAnotherSeed) {
  Workers one(1);
  Workers three(3);
  for (const CellType cells : {CellType::u8, CellType::f32}) {
    SyntheticOptions options = of_cells(cells);
    options.features = 3001;  // several pieces, and an odd number of floats
    const Dataset first = synthetic(options, one);
    const Dataset again = synthetic(options, three);
    EXPECT_EQ(cells_of(first), cells_of(again));
    EXPECT_TRUE(std::ranges::equal(first.labels(), again.labels()));
    options.seed = 2;
    EXPECT_NE(cells_of(synthetic(options, one)), cells_of(first));
  }
}

TEST(Synthetic, HasTheShapeThatWasAskedForAndEveryClass) {
  Workers workers(1);
  const Dataset data = synthetic(small, workers);
  EXPECT_EQ(data.size(), 700U);
  EXPECT_EQ(data.features(), 31U);
  EXPECT_EQ(data.classes(), 3U);
  EXPECT_EQ(data.cells(), CellType::u8);
  for (const int c : {0, 1, 2}) EXPECT_GT(std::ranges::count(data.labels(), c), 180) << c;
}

TEST(Synthetic, CellsAreUniformOverTheirRange) {
  Workers workers(1);
  const auto expect_mean_and_variance = [&](CellType cells, double mean, double variance) {
    const std::vector<float> all = cells_of(synthetic(of_cells(cells), workers));
    double sum = 0;
    double squares = 0;
    for (const double x : all) {
      sum += x;
      squares += (x - mean) * (x - mean);
    }
    const auto n = static_cast<double>(all.size());
    const double four_errors = 4 * std::sqrt(variance / n);
    EXPECT_LE(std::abs(sum / n - mean), four_errors);
    EXPECT_LE(std::abs(squares / n - variance), 4 * variance / std::sqrt(n));
  };
  expect_mean_and_variance(CellType::u8, 127.5, (256.0 * 256 - 1) / 12);
  expect_mean_and_variance(CellType::f32, 0, 1.0 / 3);
}

TEST(Synthetic, WhatIsOutOfBoundsOrDoesNotFitIsRefusedBeforeItIsDrawn) {
  Workers workers(1);
  const auto kind_of = [&](const SyntheticOptions& options) {
    return test::refusal([&] { return synthetic(options, workers); }).kind();
  };
  EXPECT_EQ(kind_of({.examples = 0}), ErrorKind::usage);
  EXPECT_EQ(kind_of({.features = 0}), ErrorKind::usage);
  EXPECT_EQ(kind_of({.classes = 1}), ErrorKind::usage);
  EXPECT_EQ(kind_of({.examples = 1'000'000'000, .features = 1'000'000'000}),
            ErrorKind::not_enough_memory);
  EXPECT_EQ(kind_of({.memory_limit = 1 << 20}), ErrorKind::not_enough_memory);
}

}  // namespace
}  // namespace fallline::bench
