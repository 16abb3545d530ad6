#include <gtest/gtest.h>

#include <array>
#include <fallline/data/dataset.hpp>
#include <fallline/error.hpp>

namespace fallline {
namespace {

/// Four examples of two byte features, classes 7 and 9.
Dataset small() {
  static const std::array<std::byte, 8> cells{std::byte{0}, std::byte{1},  std::byte{2},
                                              std::byte{3}, std::byte{4},  std::byte{5},
                                              std::byte{6}, std::byte{255}};
  DatasetParts parts{.name = "small", .cells = CellType::u8, .features = 2};
  for (std::size_t i = 0; i < 4; ++i) parts.rows.push_back(&cells[2 * i]);
  parts.labels = {0, 1, 1, 0};
  parts.class_names = {"7", "9"};
  return Dataset(parts);
}

TEST(Dataset, ByteCellsReadAsTheNumbersTheyAre) {
  const Dataset data = small();
  EXPECT_EQ(data.cell(3, 1), 255.0F);
  std::array<float, 2> row{};
  data.copy_row(2, row);
  EXPECT_EQ(row, (std::array<float, 2>{4.0F, 5.0F}));
}

TEST(Dataset, ASubsetSharesTheCellsAndKeepsTheOrderOfItsIndices) {
  const Dataset data = small();
  const std::array<std::size_t, 2> chosen{3, 1};
  const Dataset part = data.subset(chosen);
  ASSERT_EQ(part.size(), 2U);
  EXPECT_EQ(part.rows()[0], data.rows()[3]);
  EXPECT_EQ(part.labels()[0], 0);
  EXPECT_EQ(part.labels()[1], 1);
}

TEST(Dataset, ClassesAreRenumberedByName) {
  const Dataset data = small().with_classes({"9", "8", "7"});
  EXPECT_EQ(data.labels()[0], 2);
  EXPECT_EQ(data.labels()[1], 0);
  EXPECT_EQ(data.classes(), 3U);
}

TEST(Dataset, AnUnknownClassIsNamedWithItsRow) {
  try {
    (void)small().with_classes({"7", "8"});
    FAIL() << "class 9 was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_EQ(error.where().row, 2U);
    EXPECT_NE(error.problem().find("'9'"), std::string::npos);
  }
}

TEST(Dataset, ContradictoryPartsAreRefused) {
  DatasetParts none{.name = "x", .features = 0};
  EXPECT_THROW(Dataset{none}, Error);
  DatasetParts out_of_range{.name = "x", .features = 1, .rows = {nullptr}, .labels = {1}};
  out_of_range.class_names = {"only"};
  EXPECT_THROW(Dataset{out_of_range}, Error);
}

}  // namespace
}  // namespace fallline
