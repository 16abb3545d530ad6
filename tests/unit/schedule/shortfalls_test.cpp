#include <gtest/gtest.h>

#include <fallline/schedule/shortfalls.hpp>
#include <fallline/schedule/text.hpp>

namespace fallline {
namespace {

/// Of a run of `steps` in epochs of `steps_per_epoch`, in one line.
std::string said(const char* schedule, std::uint64_t steps, std::uint64_t steps_per_epoch = 1) {
  std::string all;
  for (const std::string& one : shortfalls(parse_schedule(schedule), steps, steps_per_epoch))
    all += (all.empty() ? "" : "; ") + one;
  return all;
}

TEST(Shortfalls, AWarmUpLongerThanTheRunIsSaidWithTheShareItReaches) {
  EXPECT_EQ(said("warmup:steps=1000", 3),
            "the run has 3 steps, the warm-up 1000: the rate never gets beyond 0.3 % of the base "
            "rate");
  EXPECT_EQ(said("warmup:steps=1000 then cosine", 3),
            "the run has 3 steps, the warm-up 1000: the rate never gets beyond 0.3 % of the base "
            "rate, and the cosine never begins");
  EXPECT_EQ(said("warmup:epochs=10 then constant:steps=5 then cosine", 12, 4),
            "the run has 12 steps, the warm-up 40: the rate never gets beyond 30 % of the base "
            "rate, and the constant and the cosine never begin");
  EXPECT_EQ(said("constant:steps=2 then warmup:steps=100 then cosine", 12),
            "the run has 10 steps left for the warm-up of 100: it gets no further than to 10 % of "
            "the base rate, and the cosine never begins");
}

TEST(Shortfalls, OfEveryCompositionThePartsThatNeverBeginAreNamed) {
  EXPECT_EQ(said("constant:epochs=5 then cosine", 12, 4),
            "the run has 12 steps, the constant 20: the cosine never begins");
  EXPECT_EQ(said("warmup:steps=12 then cosine", 12),
            "the run has 12 steps: the cosine never begins");
  EXPECT_EQ(said("warmup:steps=18446744073709551615 then cosine", 3).find("the cosine never") ==
                std::string::npos,
            false);
}

TEST(Shortfalls, AStaircaseWithoutAStepIsSaid) {
  EXPECT_EQ(said("staircase:at=30/60", 12, 4),
            "the staircase lasts 3 epochs, and its first drop is after 30: it never drops");
  EXPECT_EQ(said("staircase:every=3", 12, 4),
            "the staircase lasts 3 epochs, and its first drop is after 3: it never drops");
  EXPECT_EQ(said("staircase:every=2", 12, 4), "");
}

TEST(Shortfalls, OfWhatFitsNothingIsSaid) {
  for (const char* schedule :
       {"constant", "cosine", "warmup:steps=11 then cosine", "warmup:steps=12", "plateau",
        "warmup:epochs=1 then constant:epochs=1 then exponential", "cosine:epochs=100"})
    EXPECT_EQ(said(schedule, 12, 4), "") << schedule;
  EXPECT_EQ(said("warmup:steps=5 then cosine", 0), "");
}

}  // namespace
}  // namespace fallline
