#include "kernels/layout.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/kernel_cases.hpp"

namespace fallline {
namespace {

using kernels::block;
using kernels::Panel;
using kernels::Stage;

TEST(Panel, EveryBlockOfEveryClassHasAPlaceOfItsOwnAndNoneIsLeft) {
  for (const std::size_t features : test::many_features())
    for (const std::size_t classes : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 100}) {
      const Panel panel{.classes = classes, .features = features};
      std::vector<int> owners(panel.size() / block);
      for (std::size_t c = 0; c < classes; ++c)
        for (std::size_t b = 0; b < panel.column_blocks(); ++b) {
          ASSERT_EQ(panel.offset(c, b) % block, 0U);
          ASSERT_LT(panel.offset(c, b) / block, owners.size());
          ++owners[panel.offset(c, b) / block];
          ASSERT_EQ(panel.offset(c, b), panel.offset(c, 0) + b * panel.stride(c));
        }
      EXPECT_EQ(owners, std::vector<int>(owners.size(), 1)) << features << " × " << classes;
    }
}

TEST(Panel, TheBlocksCoverARowAndGoNoFurther) {
  for (const std::size_t features : test::many_features()) {
    const Panel panel{.classes = 1, .features = features};
    std::size_t covered = 0;
    for (std::size_t b = 0; b < panel.column_blocks(); ++b) {
      ASSERT_LE(panel.start(b), covered);
      EXPECT_EQ(panel.start(b), std::min(b * block, std::max(features, block) - block));
      covered = panel.start(b) + block;
    }
    EXPECT_EQ(covered, std::max(features, block)) << features;
  }
}

TEST(Stage, EveryBlockOfEveryRowHasAPlaceOfItsOwnWithinALine) {
  for (const CellType cells : test::both_cells)
    for (const std::size_t features : test::many_features()) {
      const Stage stage{.cells = nullptr, .rows = 48};
      const std::size_t width = block * bytes_of(cells);
      const std::size_t blocks = kernels::blocks_of(features);
      std::vector<int> owners(stage.bytes(cells, features) / block);
      for (std::size_t b = 0; b < blocks; ++b)
        for (std::size_t i = 0; i < stage.rows; ++i) {
          const std::size_t at = stage.offset(cells, b, i);
          ASSERT_EQ(at % width, 0U);
          ASSERT_EQ(at / 64, (at + width - 1) / 64);
          for (std::size_t k = 0; k < width / block; ++k) ++owners.at(at / block + k);
        }
      EXPECT_EQ(*std::ranges::max_element(owners), 1) << features;
    }
}

}  // namespace
}  // namespace fallline
