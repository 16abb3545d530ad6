#include "data/label_map.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fallline::data {
namespace {

using Labels = std::vector<std::int32_t>;
using Names = std::vector<std::string>;

LabelMap map(const Names& labels) { return map_labels(std::span<const std::string>(labels)); }

TEST(LabelMap, IntegersAreOrderedAsNumbers) {
  const LabelMap mapped = map({"10", "9", "-1", "+9"});
  EXPECT_EQ(mapped.class_names, (Names{"-1", "9", "10"}));
  EXPECT_EQ(mapped.labels, (Labels{2, 1, 0, 1}));
}

TEST(LabelMap, NamesAreOrderedAsText) {
  const LabelMap mapped = map({"cat", "10", "bird"});
  EXPECT_EQ(mapped.class_names, (Names{"10", "bird", "cat"}));
  EXPECT_EQ(mapped.labels, (Labels{2, 0, 1}));
}

TEST(LabelMap, ANumberTooLargeForSixtyFourBitsIsAName) {
  EXPECT_EQ(map({"99999999999999999999", "1"}).class_names, (Names{"1", "99999999999999999999"}));
}

TEST(LabelMap, NoLabelsAreNoClasses) { EXPECT_TRUE(map({}).class_names.empty()); }

}  // namespace
}  // namespace fallline::data
