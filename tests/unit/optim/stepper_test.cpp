#include <gtest/gtest.h>

#include <cmath>
#include <fallline/instruction_set.hpp>
#include <fallline/optim/adam.hpp>
#include <fallline/optim/clip.hpp>
#include <fallline/optim/momentum.hpp>
#include <fallline/optim/optimizer.hpp>
#include <fallline/optim/stepper.hpp>
#include <limits>
#include <vector>

#include "support/allocations.hpp"
#include "support/datasets.hpp"
#include "support/every_optimizer.hpp"
#include "support/limited.hpp"
#include "support/same_bits.hpp"

namespace fallline {
namespace {

using test::every_optimizer;
using test::same_bits;

template <class T>
std::vector<T> three_steps(const OptimizerOptions& options, std::size_t n, Workers* workers) {
  const auto optimizer = make_optimizer<T>(options, n);
  std::vector<T> w = test::random_vector<T>(n, 3);
  for (std::uint64_t t = 1; t <= 3; ++t) {
    const std::vector<T> g = test::random_vector<T>(n, 4, t);
    optimizer->step({.t = t, .rate = 0.1}, w, g, w, workers);
  }
  return w;
}

TEST(Stepper, TheResultHasTheSameBitsForAnyNumberOfThreads) {
  constexpr std::size_t n = 100'003;
  for (const OptimizerOptions& options : every_optimizer()) {
    const auto alone = three_steps<float>(options, n, nullptr);
    for (const std::size_t threads : {1U, 2U, 3U, 7U}) {
      Workers workers(threads);
      EXPECT_TRUE(same_bits(three_steps<float>(options, n, &workers), alone))
          << options.name << " on " << threads;
    }
  }
}

template <class T>
void same_on_every_set() {
  for (const OptimizerOptions& options : every_optimizer()) {
    std::vector<std::vector<T>> results;
    for (const InstructionSet set : instruction_sets()) {
      const test::Limited limited(set);
      ASSERT_EQ(instruction_set(), set);
      results.push_back(three_steps<T>(options, 1003, nullptr));
      EXPECT_TRUE(same_bits(results.back(), results.front()))
          << options.name << " on " << name_of(set);
    }
  }
}

TEST(Stepper, TheResultHasTheSameBitsOnEveryInstructionSet) {
  same_on_every_set<float>();
  same_on_every_set<double>();
}

TEST(Stepper, EveryLengthAndAlignmentStaysWithinItsBounds) {
  constexpr std::size_t most = 2 * 64 + 1;
  constexpr float sentinel = 12345;
  for (const InstructionSet set : instruction_sets()) {
    const test::Limited limited(set);
    for (std::size_t n = 0; n <= most; ++n) {
      for (const std::size_t offset : {0U, 1U, 3U}) {
        std::vector<float> w(most + 8, sentinel);
        std::vector<float> g = test::random_vector<float>(most + 8, 1, n);
        const auto part = std::span(w).subspan(offset, n);
        std::fill(part.begin(), part.end(), 1.0F);
        auto optimizer = stepper<float>(adam(), n);
        optimizer.step({.t = 1, .rate = 0.5}, part, std::span<const float>(g).subspan(offset, n),
                       part);
        for (std::size_t i = 0; i < w.size(); ++i) {
          const bool inside = i >= offset && i < offset + n;
          const float expected = !inside ? sentinel : g[i] > 0 ? 0.5F : 1.5F;
          ASSERT_TRUE(std::abs(w[i] - expected) <= 1e-4F)
              << name_of(set) << " n " << n << " offset " << offset << " at " << i;
        }
      }
    }
  }
}

TEST(Stepper, AStepAllocatesNothing) {
#ifdef FALLLINE_ALLOCATIONS_ARE_NOT_COUNTED
  GTEST_SKIP() << "allocations are not counted under clang's thread sanitizer";
#endif
  constexpr std::size_t n = 100'000;
  Workers workers(2);
  const std::vector<float> g = test::random_vector<float>(n, 2);
  for (const OptimizerOptions& options : every_optimizer()) {
    const auto optimizer = make_optimizer<float>(options, n);
    std::vector<float> w(n, 1.0F);
    optimizer->step({.t = 1, .rate = 0.1}, w, g, w, &workers);
    const std::size_t before = test::allocations();
    optimizer->step({.t = 2, .rate = 0.1}, w, g, w, &workers);
    EXPECT_EQ(test::allocations() - before, 0U) << options.name;
  }
  EXPECT_GT(test::allocations(), 0U);  // the count counts
}

TEST(Stepper, WritingBesideTheOldParametersGivesTheSameAndKeepsThem) {
  auto in_place = stepper<float>(adam(), 100);
  auto beside = stepper<float>(adam(), 100);
  auto w = test::random_vector<float>(100, 1);
  const auto g = test::random_vector<float>(100, 1, 9);
  const auto old = w;
  std::vector<float> next(100);
  beside.step({.t = 1, .rate = 0.1}, old, g, next);
  in_place.step({.t = 1, .rate = 0.1}, w, g, w);
  EXPECT_EQ(next, w);
  EXPECT_EQ(old, (test::random_vector<float>(100, 1)));
}

TEST(Stepper, FromACopyOfTheStateAnotherGoesOnWithTheSameBits) {
  for (const OptimizerOptions& options : every_optimizer()) {
    const auto straight = make_optimizer<float>(options, 50);
    const auto first = make_optimizer<float>(options, 50);
    const auto second = make_optimizer<float>(options, 50);
    std::vector<float> w(50, 1.0F);
    std::vector<float> v(50, 1.0F);
    for (std::uint64_t t = 1; t <= 20; ++t) {
      const auto g = test::random_vector<float>(50, 1, t);
      if (t == 11)
        for (std::size_t k = 0; k < first->state().size(); ++k)
          second->state()[k] = first->state()[k];
      straight->step({.t = t, .rate = 0.1}, w, g, w, nullptr);
      (t <= 10 ? first : second)->step({.t = t, .rate = 0.1}, v, g, v, nullptr);
    }
    EXPECT_TRUE(same_bits(w, v)) << options.name;
  }
}

TEST(Chain, LinksComposeInTheirOrderEachWithStateOfItsOwn) {
  auto both = stepper<double>(
      chain(EwmaMomentum{.momentum = 0.5}, chain(HeavyBall{.momentum = 0.5}), ScaleByRate{}), 1);
  static_assert(decltype(both)::slots == 2);
  std::vector<double> w{0};
  both.step({.t = 1, .rate = 1}, w, std::vector<double>{8}, w);  // average 4, ball 4
  EXPECT_EQ(w[0], -4);
  both.step({.t = 2, .rate = 1}, w, std::vector<double>{0}, w);  // average 2, ball 2 + 2
  EXPECT_EQ(w[0], -8);
  EXPECT_EQ(both.state()[0], (std::vector<double>{2}));
  EXPECT_EQ(both.state()[1], (std::vector<double>{4}));
  EXPECT_EQ(both.chain().gain(), 2);
}

TEST(ClipByNorm, ScalesTheWholeGradientWhereItIsTooLong) {
  auto clipped = stepper<double>(chain(ClipByNorm{.max = 1}, ScaleByRate{}), 2);
  std::vector<double> w{0, 0};
  clipped.step({.t = 1, .rate = 1}, w, std::vector<double>{3, 4}, w);
  EXPECT_EQ(w, (std::vector<double>{-0.6000000000000001, -0.8}));
  w = {0, 0};
  clipped.step({.t = 2, .rate = 1}, w, std::vector<double>{0.3, 0.4}, w);
  EXPECT_EQ(w, (std::vector<double>{-0.3, -0.4}));
}

TEST(ClipByValue, KeepsNaN) {
  auto clipped = stepper<float>(chain(ClipByValue{.max = 1}, ScaleByRate{}), 3);
  std::vector<float> w{0, 0, 0};
  const std::vector<float> g{std::numeric_limits<float>::quiet_NaN(), 5, -0.5F};
  clipped.step({.t = 1, .rate = 1}, w, g, w);
  EXPECT_TRUE(std::isnan(w[0]));
  EXPECT_EQ(w[1], -1);
  EXPECT_EQ(w[2], 0.5F);
}

/// A link of a user's: the sign of the update.
struct Sign {
  template <class T>
  [[nodiscard]] auto at(const Step& /*step*/) const {
    return [](T u) { return u > 0 ? T(1) : u < 0 ? T(-1) : T(0); };
  }
};

TEST(Chain, ALinkNeedsNoMoreThanItsFunction) {
  auto optimizer = stepper<float>(chain(Sign{}, ScaleByRate{}), 2);
  std::vector<float> w{0, 0};
  optimizer.step({.t = 1, .rate = 0.5}, w, std::vector<float>{7, -0.1F}, w);
  EXPECT_EQ(w, (std::vector<float>{-0.5F, 0.5F}));
}

}  // namespace
}  // namespace fallline
