#include <gtest/gtest.h>

#include <fallline/bench/measurement.hpp>
#include <fallline/error.hpp>

#include "support/refusal.hpp"

namespace fallline::bench {
namespace {

TEST(Measurement, TheShareOfThePeakIsTheWorkOfTheMedianSecondOverIt) {
  const Measurement m{.examples = 100,
                      .seconds = {.median = 0.5, .least = 0.1, .greatest = 2, .repeats = 3},
                      .work = 2e9,
                      .peak = 16e9};
  EXPECT_DOUBLE_EQ(m.rate(), 4e9);
  EXPECT_DOUBLE_EQ(m.percent_of_peak(), 25);
  EXPECT_DOUBLE_EQ(m.examples_per_second(), 200);
}

TEST(Measurement, WithoutTimeOrPeakThereIsNoShare) {
  EXPECT_EQ((Measurement{.work = 1, .peak = 1}.percent_of_peak()), 0);
  EXPECT_EQ((Measurement{.seconds = {.median = 1}, .work = 1}.percent_of_peak()), 0);
}

TEST(Seconds, AreMedianAndEndsInAnyOrder) {
  const Seconds s = Seconds::of({5, 1, 4, 2, 3});
  EXPECT_EQ(s.median, 3);
  EXPECT_EQ(s.least, 1);
  EXPECT_EQ(s.greatest, 5);
  EXPECT_EQ(s.repeats, 5U);
  EXPECT_EQ(Seconds::of({1, 9}).median, 9);
  EXPECT_THROW((void)Seconds::of({}), Error);
}

TEST(Subject, IsWhatItsNameSays) {
  for (const Subject subject : subjects()) EXPECT_EQ(subject_named(name_of(subject)), subject);
  EXPECT_EQ(test::refusal([] { return subject_named("epochs"); }).kind(), ErrorKind::usage);
}

}  // namespace
}  // namespace fallline::bench
