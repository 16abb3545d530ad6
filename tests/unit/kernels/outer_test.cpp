#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "kernels/linear.hpp"
#include "support/kernel_cases.hpp"
#include "support/limited.hpp"

namespace fallline {
namespace {

using kernels::block;
using kernels::ColumnBlocks;
using kernels::Panel;
using test::Exact;
using test::Guarded;
using test::LinearCase;

/// A case with its G, and the sums over its rows.
struct Products {
  Products(CellType cells, std::size_t n, std::size_t features, std::size_t classes)
      : data(cells, n, features, classes),
        slopes(n, classes),
        panel{.classes = classes, .features = features},
        mean(test::panel_of(data.mean, 1)),
        staged(data, n) {
    staged.fill(data, 0, n, 0);
  }

  /// Σ_i G(i, c)(x_d − mean_d)
  [[nodiscard]] Exact exact(std::size_t c, std::size_t d) const {
    Exact sum;
    for (std::size_t i = 0; i < data.size(); ++i) sum.add(slopes(i, c) * data.centred(i, d));
    return sum;
  }

  /// Adds the rows from `first` on, a multiple of 16, n of them.
  void add(std::size_t first, std::size_t n, ColumnBlocks columns,
           const kernels::OuterSums& sums) const {
    kernels::Stage stage = staged.stage;
    stage.cells += first * 64;
    kernels::add_outer({.stage = stage,
                        .count = n,
                        .cells = data.cells,
                        .features = data.features,
                        .mean = mean.data()},
                       slopes.from(first), data.classes, columns, sums);
  }

  /// The sums of all rows and columns, C×D.
  [[nodiscard]] std::vector<float> sums() const {
    Guarded<float> a(panel.size());
    add(0, data.size(), {.begin = 0, .end = panel.column_blocks()}, {.panel = a.data()});
    EXPECT_TRUE(a.intact());
    return unpacked(a);
  }
  [[nodiscard]] std::vector<float> unpacked(const Guarded<float>& a) const {
    std::vector<float> numbers;
    for (std::size_t c = 0; c < data.classes; ++c)
      for (std::size_t d = 0; d < data.features; ++d)
        numbers.push_back(a[test::place(panel, c, d)]);
    return numbers;
  }

  LinearCase data;
  test::Slopes slopes;
  Panel panel;
  Guarded<float> mean;
  test::Staged staged;
};

/// The gradient of some columns, in memory of its own with `gap` floats between the classes.
void write_strip(const Products& p, ColumnBlocks columns, std::size_t gap, float* panel,
                 std::vector<float>& gradient) {
  const std::size_t begin = columns.begin * block;
  const std::size_t count = std::min(p.data.features, columns.end * block) - begin;
  const std::size_t stride = count + gap;
  const Guarded<float> scale(std::span(p.data.scale));
  Guarded<float> strip((p.data.classes - 1) * stride + count);
  p.add(0, p.data.size(), columns,
        {.panel = panel, .gradient = strip.data(), .stride = stride, .scale = scale.data()});
  EXPECT_TRUE(strip.intact());
  for (std::size_t i = 0; i < strip.size(); ++i) {
    const std::size_t c = i / stride;
    const std::size_t d = i % stride;
    if (d < count)
      gradient[c * p.data.features + begin + d] = strip[i];
    else
      ASSERT_TRUE(strip.untouched(i)) << "beyond class " << c;
  }
}

/// Cuts all columns into pieces of `size` blocks.
template <class Work>
void for_pieces(const Panel& panel, std::size_t size, Work&& work) {
  const std::size_t blocks = panel.column_blocks();
  for (std::size_t b = 0; b < blocks; b += size)
    work(ColumnBlocks{.begin = b, .end = std::min(blocks, b + size)});
}

std::size_t some_rows(std::size_t features) { return features > 1000 ? 37 : 1 + features * 7 % 65; }
/// An addition for each row, x − mean and the product; 2 more stand for their squares.
void expect_within_rounding(const Products& p) {
  const double roundings = static_cast<double>(p.data.size()) + 4;
  std::vector<Exact> exact;
  for (std::size_t c = 0; c < p.data.classes; ++c)
    for (std::size_t d = 0; d < p.data.features; ++d) exact.push_back(p.exact(c, d));
  test::on_every_set([&] {
    const std::vector<float> got = p.sums();
    for (std::size_t i = 0; i < got.size(); ++i)
      ASSERT_TRUE(exact[i].is_near(got[i], roundings))
          << "D " << p.data.features << " C " << p.data.classes << " n " << p.data.size() << " at "
          << i << ": " << got[i] << " for " << exact[i].value;
  });
}

TEST(AddOuter, EverySumIsWithinItsRounding) {
  for (const CellType cells : test::both_cells) {
    for (const std::size_t features : test::many_features())
      expect_within_rounding({cells, some_rows(features), features, test::some_classes(features)});
    for (std::size_t n = 1; n <= 65; n = n == 37 ? 64 : n + 1)
      expect_within_rounding({cells, n, 37, 1 + n % 13});
  }
}

TEST(AddOuter, TheColumnsOfACallDoNotChangeTheBits) {
  for (const CellType cells : test::both_cells)
    for (const std::size_t features : test::many_features()) {
      const Products p(cells, 1 + features % 40, features, test::some_classes(features));
      test::on_every_set([&] {
        const std::vector<float> whole = p.sums();
        for (const std::size_t size : {1, 3, 8}) {
          Guarded<float> a(p.panel.size());
          for_pieces(p.panel, size, [&](ColumnBlocks columns) {
            p.add(0, p.data.size(), columns, {.panel = a.data()});
          });
          EXPECT_TRUE(test::same_bits(p.unpacked(a), whole)) << features << " by " << size;
        }
      });
    }
}

TEST(AddOuter, TheGradientIsTheSumTimesTheScaleAndNothingBesideItIsWritten) {
  for (const CellType cells : test::both_cells)
    for (const std::size_t features : test::many_features()) {
      const Products p(cells, 1 + features % 40, features, test::some_classes(features));
      test::on_every_set([&] {
        std::vector<float> wanted = p.sums();
        for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] *= p.data.scale[i % features];
        for (const std::size_t size : {std::size_t{2}, std::size_t{8}, p.panel.column_blocks()}) {
          Guarded<float> a(p.panel.size());
          std::vector<float> got(wanted.size());
          for_pieces(p.panel, size, [&](ColumnBlocks columns) {
            write_strip(p, columns, size % 3 * 7, a.data(), got);
          });
          EXPECT_TRUE(test::same_bits(got, wanted)) << features << " by " << size;
          EXPECT_TRUE(a.intact());
        }
      });
    }
}

TEST(AddOuter, RowsInTwoPartsGiveTheBitsOfOne) {
  for (const CellType cells : test::both_cells)
    for (const std::size_t features : {1, 15, 16, 17, 40, 65, 129, 513}) {
      const Products p(cells, 53, features, 1 + features % 13);
      const ColumnBlocks all{.begin = 0, .end = p.panel.column_blocks()};
      test::on_every_set([&] {
        const std::vector<float> whole = p.sums();
        for (const std::size_t first : {16, 48}) {
          Guarded<float> a(p.panel.size());
          p.add(0, first, all, {.panel = a.data(), .fresh = true});
          p.add(first, 53 - first, all, {.panel = a.data(), .fresh = false});
          EXPECT_TRUE(test::same_bits(p.unpacked(a), whole)) << features << " after " << first;
        }
      });
    }
}

}  // namespace
}  // namespace fallline
