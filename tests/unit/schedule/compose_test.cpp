#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/schedule/compose.hpp>
#include <fallline/schedule/cosine.hpp>
#include <fallline/schedule/exponential.hpp>
#include <fallline/schedule/inverse_sqrt.hpp>
#include <fallline/schedule/inverse_time.hpp>
#include <fallline/schedule/one_cycle.hpp>
#include <fallline/schedule/plateau.hpp>
#include <fallline/schedule/staircase.hpp>
#include <fallline/schedule/warm_up.hpp>
#include <limits>
#include <vector>

#include "support/refusal.hpp"

namespace fallline::schedule {
namespace {

constexpr std::uint64_t steps_per_epoch = 10;

double at(const Schedule& s, std::uint64_t step, std::uint64_t steps = 100) {
  return s.rate(1, {.step = step, .steps_per_epoch = steps_per_epoch, .steps = steps});
}

TEST(Lasting, HasItsLengthForItsHorizonAndStaysAtItsEnd) {
  const Schedule s = lasting(Cosine{.final = 0.5}, {.epochs = 2});
  EXPECT_EQ(at(s, 1), 1);
  EXPECT_EQ(at(s, 20), 0.5);
  EXPECT_EQ(at(s, 21), 0.5);
  EXPECT_EQ(at(s, 1000), 0.5);
  const Schedule decay = lasting(InverseTime{}, {.steps = 15});
  EXPECT_EQ(at(decay, 15), 1.0 / 3);
  EXPECT_EQ(at(decay, 95), 1.0 / 3) << "its epochs end, too";
}

TEST(Then, TheSecondHasAClockOfItsOwnFromOneAndWhatIsLeftForItsHorizon) {
  const Schedule second = Cosine{.final = 0.25};
  const Schedule s = then(lasting(Constant{}, {.steps = 30}), second);
  for (std::uint64_t t = 1; t <= 30; ++t) EXPECT_EQ(at(s, t), 1) << t;
  for (std::uint64_t t = 31; t <= 100; ++t) EXPECT_EQ(at(s, t), at(second, t - 30, 70)) << t;
  EXPECT_EQ(at(s, 100), 0.25);
  const Schedule decay = then(lasting(Constant{}, {.steps = 25}), InverseTime{});
  EXPECT_EQ(at(decay, 26), 1.0 / 2) << "epoch 1 begins at the joint";
  EXPECT_EQ(at(decay, 35), 1.0 / 2);
  EXPECT_EQ(at(decay, 36), 1.0 / 3);
}

TEST(Then, AWarmUpPassesWithoutAJumpIntoWhatStartsAtTheBaseRate) {
  for (const Schedule& second :
       {Schedule(Constant{}), Schedule(Cosine{}), Schedule(InverseSqrtStep{}),
        Schedule(Staircase{.every = 1}), Schedule(Plateau{})}) {
    const Schedule s = then(lasting(WarmUp{}, {.epochs = 2}), second);
    EXPECT_EQ(at(s, 20), 1) << second.text();
    EXPECT_EQ(at(s, 21), 1) << second.text();
    EXPECT_EQ(at(s, 1), 1.0 / 20) << second.text();
  }
}

TEST(Then, IsAssociative) {
  const Schedule a = lasting(WarmUp{}, {.steps = 7});
  const Schedule b = lasting(OneCycle{}, {.epochs = 3});
  const Schedule c = Exponential{};
  const Schedule left = then(then(a, b), c);
  const Schedule right = then(a, then(b, c));
  EXPECT_EQ(left.text(), right.text());
  for (std::uint64_t t = 1; t <= 120; ++t) EXPECT_EQ(at(left, t), at(right, t)) << t;
  EXPECT_EQ(then(a, b).length(), (Length{.steps = 7, .epochs = 3}));
  EXPECT_EQ(left.length(), std::nullopt);
}

TEST(Then, APlateauSeesOnlyTheLossesOfItsOwnTime) {
  const Schedule s = then(lasting(Constant{}, {.epochs = 3}), Plateau{.patience = 2});
  // Two epochs without a better loss lie before the joint; they are none of its business.
  const std::vector<double> losses{1, 2, 2, 3, 4, 5};
  const auto rate = [&](std::uint64_t over) {
    return s.rate(1, {.step = over * steps_per_epoch + 1,
                      .steps_per_epoch = steps_per_epoch,
                      .steps = 100,
                      .losses = std::span(losses).first(over)});
  };
  EXPECT_EQ(rate(3), 1);
  EXPECT_EQ(rate(5), 1);
  EXPECT_EQ(rate(6), 0.5);
}

TEST(Compose, ALengthIsNeededOnceAndOfOneKind) {
  const auto problem = [](auto make) { return test::refusal(make).problem(); };
  EXPECT_EQ(problem([] { return then(Cosine{}, Constant{}); }),
            "'cosine:final=0.01' does not end, and something is to follow it");
  const Length both{.steps = 1, .epochs = 1};
  for (const Length& length : {Length{}, both})
    EXPECT_NE(problem([&] { return lasting(Constant{}, length); }).find("length of constant"),
              std::string::npos);
  const Schedule ended = lasting(Constant{}, {.steps = 1});
  for (const Schedule& s : {ended, then(ended, Constant{})})
    EXPECT_NE(problem([&] { return lasting(s, {.steps = 1}); }).find("has a length already"),
              std::string::npos);
}

TEST(Length, IsTheLargestNumberWhereItOverflows) {
  constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ((Length{.steps = 3, .epochs = 2}.in_steps(10)), 23U);
  EXPECT_EQ((Length{.epochs = largest}.in_steps(2)), largest);
  EXPECT_EQ(at(then(lasting(Constant{}, {.epochs = largest}), Cosine{}), 100), 1);
}

}  // namespace
}  // namespace fallline::schedule
