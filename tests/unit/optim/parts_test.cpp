#include <gtest/gtest.h>

#include <algorithm>
#include <fallline/optim/optimizer.hpp>
#include <fallline/random.hpp>
#include <utility>
#include <vector>

#include "support/datasets.hpp"
#include "support/every_optimizer.hpp"
#include "support/limited.hpp"
#include "support/same_bits.hpp"

namespace fallline {
namespace {

constexpr std::size_t n = 1003;

/// Begin and end of pieces of 0..n−1, of many lengths and in no order.
using Pieces = std::vector<std::pair<std::size_t, std::size_t>>;
Pieces pieces(std::uint64_t seed) {
  const Random random(seed, Purpose::search);
  Pieces list;
  for (std::size_t begin = 0; begin < n;) {
    const std::size_t end = std::min(n, begin + 1 + random.below(list.size(), 90));
    list.emplace_back(begin, end);
    begin = end;
  }
  for (std::size_t i = list.size() - 1; i > 0; --i)
    std::swap(list[i], list[random.below(1000 + i, i + 1)]);
  return list;
}

/// What all options are but for the one that needs the whole gradient first.
OptimizerOptions without_norm(OptimizerOptions options) {
  options.settings.erase("clip-norm");
  return options;
}

/// Three steps, each whole or in pieces.
template <class T>
std::vector<T> three_steps(const OptimizerOptions& options, Workers* in_parts) {
  const auto optimizer = make_optimizer<T>(options, n);
  std::vector<T> w = test::random_vector<T>(n, 3);
  std::vector<T> next(n);
  for (std::uint64_t t = 1; t <= 3; ++t) {
    const std::vector<T> g = test::random_vector<T>(n, 4, t);
    const Step now{.t = t, .rate = 0.1};
    if (in_parts == nullptr) {
      optimizer->step(now, w, g, next, nullptr);
    } else {
      const Pieces list = pieces(t);
      optimizer->begin_parts(now, w, next);
      in_parts->for_each(list.size(), [&](std::size_t p) {
        const auto [begin, end] = list[p];
        // Beside its place in the whole gradient, as a strip of it lies.
        const std::vector<T> part(g.begin() + static_cast<std::ptrdiff_t>(begin),
                                  g.begin() + static_cast<std::ptrdiff_t>(end));
        optimizer->part(begin, part);
      });
    }
    w.swap(next);
  }
  return w;
}

template <class T>
void expect_parts_to_be_the_step() {
  Workers alone(1);
  Workers three(3);
  for (const OptimizerOptions& given : test::every_optimizer()) {
    const OptimizerOptions options = without_norm(given);
    ASSERT_TRUE(make_optimizer<T>(options, n)->in_parts()) << options.name;
    test::on_every_set([&] {
      const std::vector<T> whole = three_steps<T>(options, nullptr);
      EXPECT_TRUE(test::same_bits(three_steps<T>(options, &alone), whole)) << options.name;
      EXPECT_TRUE(test::same_bits(three_steps<T>(options, &three), whole)) << options.name;
    });
  }
}

TEST(StepInParts, InAnyOrderAndOnAnyThreadsAreTheStepBitForBit) {
  expect_parts_to_be_the_step<float>();
  expect_parts_to_be_the_step<double>();
}

TEST(StepInParts, AreNotForAnOptimizerThatNeedsTheWholeGradient) {
  std::size_t whole = 0;
  for (const OptimizerOptions& options : test::every_optimizer()) {
    const bool clips = options.settings.contains("clip-norm");
    EXPECT_EQ(make_optimizer<float>(options, n)->in_parts(), !clips) << options.name;
    whole += clips ? 1 : 0;
  }
  EXPECT_GT(whole, 0U);
  EXPECT_FALSE(make_optimizer<float>({.name = "lbfgs"}, n)->in_parts());
}

}  // namespace
}  // namespace fallline
