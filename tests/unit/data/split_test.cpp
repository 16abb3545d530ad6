#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fallline/data/split.hpp>
#include <fallline/error.hpp>
#include <limits>
#include <set>

#include "support/refusal.hpp"
#include "support/table.hpp"

namespace fallline {
namespace {

using testing::ElementsAre;

/// `count[c]` examples of class c, the classes dealt in turn.
Dataset classes_of(std::vector<std::size_t> count) {
  std::vector<std::int32_t> labels;
  for (bool any = true; any;) {
    any = false;
    for (std::size_t c = 0; c < count.size(); ++c)
      if (count[c] > 0) {
        --count[c];
        labels.push_back(static_cast<std::int32_t>(c));
        any = true;
      }
  }
  std::vector<std::string> names;
  for (std::size_t c = 0; c < count.size(); ++c) names.push_back(std::to_string(c));
  const std::size_t n = labels.size();
  return test::table<std::uint8_t>(1, std::vector<std::uint8_t>(n), std::move(labels), names);
}

std::vector<std::size_t> per_class(const Dataset& data, const std::vector<std::size_t>& indices) {
  std::vector<std::size_t> count(data.classes());
  for (const std::size_t i : indices) ++count[static_cast<std::size_t>(data.labels()[i])];
  return count;
}

TEST(Split, EveryExampleIsInExactlyOnePartAndTheOrderIsKept) {
  const Dataset data = classes_of({50, 20, 7, 1});
  for (const double fraction : {0.0, 0.01, 0.1, 0.5, 0.9, 0.999}) {
    const Split parts = split(data, fraction, 1);
    EXPECT_TRUE(std::ranges::is_sorted(parts.kept));
    EXPECT_TRUE(std::ranges::is_sorted(parts.held_out));
    std::set<std::size_t> all(parts.kept.begin(), parts.kept.end());
    all.insert(parts.held_out.begin(), parts.held_out.end());
    EXPECT_EQ(all.size(), data.size());
    EXPECT_EQ(parts.kept.size() + parts.held_out.size(), data.size());
  }
}

TEST(Split, EveryClassGivesTheSameShare) {
  const Dataset data = classes_of({1000, 500, 20});
  EXPECT_THAT(per_class(data, split(data, 0.1, 3).held_out), ElementsAre(100, 50, 2));
  const Dataset odd = classes_of({15, 14, 11});  // shares 1.5, 1.4, 1.1 of 4
  EXPECT_THAT(per_class(odd, split(odd, 0.1, 3).held_out), ElementsAre(2, 1, 1));
}

TEST(Split, AtLeastOneExampleIsOnEachSide) {
  for (const std::size_t n : {2U, 3U, 10U})
    for (const double fraction : {1e-9, 0.5, 1 - 1e-9}) {
      const Split parts = split(classes_of({n}), fraction, 1);
      EXPECT_GE(parts.kept.size(), 1U);
      EXPECT_GE(parts.held_out.size(), 1U);
    }
  EXPECT_TRUE(split(classes_of({1}), 0.5, 1).held_out.empty());
  EXPECT_TRUE(split(classes_of({9}), 0, 1).held_out.empty());
  EXPECT_TRUE(split(Dataset(), 0.5, 1).kept.empty());
}

TEST(Split, AClassKeepsItsLastExampleWhileAnotherCanGive) {
  const Dataset data = classes_of({1, 1, 8});  // shares .5, .5, 4 of 5
  EXPECT_THAT(per_class(data, split(data, 0.5, 1).held_out), ElementsAre(0, 0, 5));
  EXPECT_EQ(split(classes_of({1, 1, 1}), 0.3, 1).held_out.size(), 1U);
}

TEST(Split, IsAFunctionOfSeedAndPurpose) {
  const Dataset data = classes_of({100, 100});
  EXPECT_EQ(split(data, 0.1, 5).held_out, split(data, 0.1, 5).held_out);
  EXPECT_NE(split(data, 0.1, 5).held_out, split(data, 0.1, 6).held_out);
  EXPECT_NE(split(data, 0.1, 5).held_out, split(data, 0.1, 5, Purpose::validation).held_out);
}

TEST(Split, ALargerShareHoldsTheSmallerOne) {
  const Dataset data = classes_of({100, 100});
  EXPECT_TRUE(std::ranges::includes(split(data, 0.2, 5).held_out, split(data, 0.1, 5).held_out));
}

TEST(Split, AnUnlabelledSetIsOneClass) {
  const Dataset data = test::table<std::uint8_t>(1, std::vector<std::uint8_t>(10), {}, {});
  EXPECT_EQ(split(data, 0.3, 1).held_out.size(), 3U);
}

TEST(Split, AShareOutsideTheIntervalIsAUsageError) {
  for (const double fraction : {-0.1, 1.0, 2.0, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_EQ(test::refusal([fraction] { return split(classes_of({4}), fraction, 1); }).kind(),
              ErrorKind::usage);
}

TEST(Split, TheChoiceNeverChanges) {
  EXPECT_THAT(split(classes_of({10, 10}), 0.2, 42).held_out, ElementsAre(0, 2, 9, 15));
}

}  // namespace
}  // namespace fallline
