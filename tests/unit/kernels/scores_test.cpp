#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "kernels/linear.hpp"
#include "support/kernel_cases.hpp"
#include "support/limited.hpp"

namespace fallline {
namespace {

using kernels::block;
using kernels::Stage;
using test::Exact;
using test::Guarded;
using test::LinearCase;

/// Some rows and some classes of a case.
struct Part {
  std::size_t row = 0;
  std::size_t rows = 0;
  std::size_t first = 0;
  std::size_t classes = 0;

  /// Where the score of its row i and class c is.
  [[nodiscard]] std::size_t at(std::size_t i, std::size_t c) const {
    return (i / block * classes + c) * block + i % block;
  }
};

Part all_of(const LinearCase& c) { return {.rows = c.size(), .classes = c.classes}; }

Guarded<float> scores_of(const LinearCase& c, const Part& part, const Stage& stage = {},
                         std::size_t position = 0) {
  const std::span weights(c.scaled);
  const Guarded<float> panel = test::panel_of(
      weights.subspan(part.first * c.features, part.classes * c.features), part.classes);
  const Guarded<float> mean = test::panel_of(c.mean, 1);
  const Guarded<float> bias(std::span(c.bias).subspan(part.first, part.classes));
  Guarded<float> out(kernels::blocks_of(part.rows) * block * part.classes);
  const std::span all(c.pointers);
  kernels::scores({.pointers = all.subspan(part.row, part.rows),
                   .cells = c.cells,
                   .features = c.features,
                   .mean = mean.data(),
                   .ahead = all.subspan(part.row + part.rows)},
                  panel.data(), bias.data(), part.classes, out.data(), stage, position);
  EXPECT_TRUE(out.intact());
  return out;
}

/// Roundings of one score at most, as shares of Σ|w·s||x − mean| + |b|: a lane of 4 adds up 4
/// products of each block of 16, 2 additions make one sum of the lanes, and w·s, x − mean, the
/// product and the bias are one each; 2 more stand for their squares.
double roundings(std::size_t features) {
  return 4.0 * static_cast<double>(kernels::blocks_of(features)) + 8;
}

/// The scores of all rows on every instruction set, against those in double.
void expect_within_rounding(const LinearCase& c) {
  std::vector<Exact> exact;
  for (std::size_t i = 0; i < c.size(); ++i)
    for (std::size_t k = 0; k < c.classes; ++k) exact.push_back(c.score(i, k));
  const Part all = all_of(c);
  test::on_every_set([&] {
    const Guarded<float> got = scores_of(c, all);
    for (std::size_t i = 0; i < c.size(); ++i)
      for (std::size_t k = 0; k < c.classes; ++k)
        ASSERT_TRUE(exact[i * c.classes + k].is_near(got[all.at(i, k)], roundings(c.features)))
            << "D " << c.features << " row " << i << " class " << k << ": " << got[all.at(i, k)]
            << " for " << exact[i * c.classes + k].value;
    for (std::size_t i = c.size(); i < kernels::blocks_of(c.size()) * block; ++i)
      for (std::size_t k = 0; k < c.classes; ++k) ASSERT_EQ(got[all.at(i, k)], c.bias[k]);
  });
}

TEST(Scores, AreWithinTheRoundingOfTheirSums) {
  for (const CellType cells : test::both_cells)
    for (const std::size_t features : test::many_features())
      expect_within_rounding(LinearCase(cells, 37, features, features % 9 == 0 ? 100 : 13));
}

TEST(Scores, OfBadlyScaledCellsAreWithinTheSameRounding) {
  for (const std::size_t features : {1, 15, 16, 33, 129, 3072}) {
    expect_within_rounding(LinearCase(CellType::u8, 19, features, 6, {254.01, 0.7, 100}));
    expect_within_rounding(LinearCase(CellType::f32, 19, features, 6, {1e5, 1, 1}));
    expect_within_rounding(LinearCase(CellType::f32, 19, features, 6, {1e3, 1e-2, 100}));
  }
}

TEST(Scores, OfARowAreTheSameBitsWhateverTheOtherRowsAndClassesAre) {
  for (const CellType cells : test::both_cells)
    for (const std::size_t features : {1, 3, 15, 16, 17, 33, 40, 64, 65, 129, 1025}) {
      const LinearCase c(cells, 80, features, 18);
      const Part all = all_of(c);
      test::on_every_set([&] {
        const Guarded<float> whole = scores_of(c, all);
        for (std::size_t n = 1; n <= 65; n = n == 37 ? 64 : n + 1) {
          const Part part{.row = n % 15,
                          .rows = n,
                          .first = (n + features) % 6,
                          .classes = 1 + (n + 5 * features) % 13};
          const Guarded<float> got = scores_of(c, part);
          for (std::size_t i = 0; i < n; ++i)
            for (std::size_t k = 0; k < part.classes; ++k)
              ASSERT_EQ(got[part.at(i, k)], whole[all.at(part.row + i, part.first + k)])
                  << "D " << features << " n " << n << " C " << part.classes << " row " << i
                  << " class " << k;
        }
      });
    }
}

TEST(Scores, LayDownTheCellsAndNothingElse) {
  for (const CellType cells : test::both_cells)
    for (const std::size_t features : test::many_features()) {
      const LinearCase c(cells, features > 1000 ? 33 : 65, features, 6);
      const std::size_t position = features % 4 * block;
      const std::size_t n = features % 2 == 0 ? c.size() : 1 + features % 33;
      const Part part{.rows = n, .classes = 1 + features % 6};
      test::Staged wanted(c, position + n);
      wanted.fill(c, 0, n, position);
      test::on_every_set([&] {
        test::Staged got(c, position + n);
        const Guarded<float> staged = scores_of(c, part, got.stage, position);
        EXPECT_TRUE(test::same_bits(staged, scores_of(c, part))) << features;
        EXPECT_TRUE(test::same_bits(got.cells, wanted.cells)) << features;
        EXPECT_TRUE(got.cells.intact());
      });
    }
}

}  // namespace
}  // namespace fallline
