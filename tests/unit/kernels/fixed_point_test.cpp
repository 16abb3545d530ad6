#include "kernels/fixed_point.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "support/kernel_cases.hpp"
#include "support/limited.hpp"

namespace fallline {
namespace {

using kernels::block;
using kernels::ColumnBlocks;
using kernels::FixedMean;
using kernels::line;
using kernels::LinePanel;
using kernels::OuterSums;
using kernels::Rounded;
using kernels::ScoreScale;
using kernels::SlopeScale;
using kernels::Stage;
using test::Guarded;
using test::LinearCase;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
/// The numbers as multiples of 2^e, by the definition.
std::vector<std::int64_t> multiples(std::span<const float> numbers, int e) {
  std::vector<std::int64_t> rounded;
  for (const float v : numbers)
    rounded.push_back(std::llrint(std::ldexp(static_cast<double>(v), -e)));
  return rounded;
}

bool fit(std::span<const float> numbers, int e) {
  double sum = 0;
  for (const float v : numbers) {
    const double size = std::abs(std::rint(std::ldexp(static_cast<double>(v), -e)));
    if (size > 32767) return false;
    sum += size;
  }
  return 255 * sum < 0x1p31;
}

/// The least exponent for the numbers, tried one by one.
int least_exponent(std::span<const float> numbers) {
  int e = -100;
  while (!fit(numbers, e)) ++e;
  return e;
}

/// A case whose weights have been rounded.
struct FixedCase : LinearCase {
  FixedCase(std::size_t n, std::size_t d, std::size_t c,
            const test::Spread& spread = test::Spread::of(CellType::u8))
      : LinearCase(CellType::u8, n, d, c, spread),
        panel{.classes = c, .features = d},
        fixed(mean),
        rounded(panel.size()) {
    std::fill_n(rounded.data(), rounded.size(), std::int16_t{0});
    for (std::size_t k = 0; k < classes; ++k) {
      const auto [e, sums] =
          kernels::round_class(panel, k, weights.data(), scale.data(), fixed, rounded.data());
      exponents.push_back(e);
      scales.push_back(ScoreScale::of(e, sums, bias[k]));
    }
  }

  [[nodiscard]] std::span<const float> of_class(std::size_t k) const {
    return std::span(scaled).subspan(k * features, features);
  }
  [[nodiscard]] std::int64_t cell(std::size_t i, std::size_t d) const {
    return static_cast<std::int64_t>(x[i * features + d]);
  }

  LinePanel panel;
  FixedMean fixed;
  Guarded<std::int16_t> rounded;
  std::vector<int> exponents;
  std::vector<ScoreScale> scales;
};

std::size_t place(const LinePanel& panel, std::size_t c, std::size_t d) {
  return panel.offset(c, d / line) + d % line;
}

TEST(FixedPoint, EveryClassIsRoundedWithItsLeastExponent) {
  for (const std::size_t features : test::many_features()) {
    const std::size_t classes = features % 9 == 0 ? 23 : 7;
    LinearCase numbers(CellType::u8, 1, features, classes);
    // Classes of very different sizes, and one of nothing.
    for (std::size_t i = 0; i < numbers.weights.size(); ++i)
      numbers.weights[i] *= std::ldexp(1.0F, static_cast<int>(i / features) * 5 - 40);
    for (std::size_t d = 0; d < features; ++d) numbers.weights[features + d] = 0;
    const LinePanel panel{.classes = classes, .features = features};
    const FixedMean mean(numbers.mean);
    test::on_every_set([&] {
      Guarded<std::int16_t> packed(panel.size());
      for (std::size_t c = 0; c < classes; ++c) {
        std::vector<float> scaled;
        for (std::size_t d = 0; d < features; ++d)
          scaled.push_back(numbers.weights[c * features + d] * numbers.scale[d]);
        const auto [e, sums] = kernels::round_class(panel, c, numbers.weights.data(),
                                                    numbers.scale.data(), mean, packed.data());
        ASSERT_EQ(e, least_exponent(scaled)) << "D " << features << " class " << c;
        const auto wanted = multiples(scaled, e);
        for (std::size_t d = 0; d < panel.lines() * line; ++d)
          ASSERT_EQ(packed[place(panel, c, d)], d < features ? wanted[d] : 0)
              << "D " << features << " class " << c << " column " << d;
      }
      EXPECT_TRUE(packed.intact());
    });
  }
}

TEST(FixedPoint, ManyEqualWeightsLeaveRoomForTheirSum) {
  for (const std::size_t features : {257, 258, 3072, 16384}) {
    const std::vector<float> w(features, 1.0F);
    const std::vector<float> mean(features, 255.0F);
    const LinePanel panel{.classes = 1, .features = features};
    Guarded<std::int16_t> packed(panel.size());
    const auto [e, sums] =
        kernels::round_class(panel, 0, w.data(), w.data(), FixedMean(mean), packed.data());
    EXPECT_EQ(e, least_exponent(w)) << features;
    EXPECT_LT(255 * sums.sizes, std::uint64_t{1} << 31U);
  }
}

TEST(FixedPoint, AnExponentIsTakenForTheLeastOnlyWhereItIs) {
  const auto numbers = test::random_vector<float>(700, 0.3);
  const std::vector<float> ones(700, 1.0F);
  const FixedMean mean(std::vector<float>(700, 1.0F));
  const LinePanel panel{.classes = 1, .features = 700};
  test::on_every_set([&] {
    std::size_t sure = 0;
    for (int k = 0; k < 400; ++k) {  // sizes between two powers of two
      std::vector<float> w;
      for (const float v : numbers) w.push_back(v * std::exp2(static_cast<float>(k) / 200));
      const int least = least_exponent(w);
      for (int e = least - 2; e <= least + 2; ++e) {
        Guarded<std::int16_t> packed(panel.size());
        const Rounded sums = kernels::round_weights(panel, 0, w.data(), ones.data(), mean, e,
                                                    {.begin = 0, .end = 44}, packed.data());
        const bool taken = kernels::is_least_exponent(e, sums, 700);
        ASSERT_TRUE(!taken || e == least) << k;
        sure += taken ? 1 : 0;
      }
    }
    EXPECT_GE(sure, 390U);
  });
}

TEST(FixedPoint, PartsMakeUpTheWhole) {
  for (const std::size_t features : test::many_features()) {
    const FixedCase c(1, features, 6);
    const std::size_t blocks = kernels::blocks_of(features);
    test::on_every_set([&] {
      for (std::size_t k = 0; k < c.classes; ++k) {
        const auto round = [&](ColumnBlocks columns, Guarded<std::int16_t>& to) {
          return kernels::round_weights(c.panel, k, c.weights.data(), c.scale.data(), c.fixed,
                                        c.exponents[k], columns, to.data());
        };
        Guarded<std::int16_t> in_parts(c.panel.size());
        Guarded<std::int16_t> at_once(c.panel.size());
        Rounded sum;
        for (std::size_t b = 0; b < blocks; b += 8)
          sum.add(round({.begin = b, .end = std::min(blocks, b + 8)}, in_parts));
        const Rounded whole = round({.begin = 0, .end = blocks}, at_once);
        EXPECT_TRUE(test::same_bits(in_parts, at_once));
        ASSERT_EQ(sum.largest, whole.largest);
        ASSERT_EQ(sum.sizes, whole.sizes);
        ASSERT_EQ(sum.whole, whole.whole);
        ASSERT_EQ(sum.rest, whole.rest);
      }
    });
  }
}

/// Σ_d w₁₆ x_d of a row and a class, of which 31 bits and a sign are enough.
std::int64_t product(const FixedCase& c, std::size_t i, std::size_t k) {
  const auto w = multiples(c.of_class(k), c.exponents[k]);
  std::int64_t sum = 0;
  for (std::size_t d = 0; d < c.features; ++d) sum += w[d] * c.cell(i, d);
  return sum;
}

Guarded<float> scores_of(const FixedCase& c, std::size_t first, std::size_t n,
                         const Stage& stage = {}, std::size_t position = 0) {
  Guarded<float> out(kernels::blocks_of(n) * block * c.classes);
  const std::span all(c.pointers);
  kernels::fixed_scores({.pointers = all.subspan(first, n),
                         .cells = CellType::u8,
                         .features = c.features,
                         .ahead = all.subspan(first + n)},
                        c.rounded.data(), c.scales, out.data(), stage, position);
  EXPECT_TRUE(out.intact());
  return out;
}

std::size_t at(const FixedCase& c, std::size_t i, std::size_t k) {
  return (i / block * c.classes + k) * block + i % block;
}

void expect_exact_scores(const FixedCase& c) {
  std::vector<float> wanted;
  for (std::size_t i = 0; i < c.size(); ++i)
    for (std::size_t k = 0; k < c.classes; ++k) {
      const std::int64_t sum = product(c, i, k) - static_cast<std::int32_t>(c.scales[k].mean);
      ASSERT_LT(std::abs(sum), std::int64_t{1} << 31U);
      wanted.push_back(static_cast<float>(sum) * c.scales[k].unit + c.scales[k].bias);
    }
  test::on_every_set([&] {
    const Guarded<float> got = scores_of(c, 0, c.size());
    for (std::size_t i = 0; i < c.size(); ++i)
      for (std::size_t k = 0; k < c.classes; ++k)
        ASSERT_EQ(got[at(c, i, k)], wanted[i * c.classes + k])
            << "D " << c.features << " row " << i << " class " << k;
    for (std::size_t i = c.size(); i < kernels::blocks_of(c.size()) * block; ++i)
      for (std::size_t k = 0; k < c.classes; ++k) ASSERT_EQ(got[at(c, i, k)], c.scales[k].bias);
  });
}

/// |Δf| ≤ q (½ Σ|x − μ| + 2⁻¹⁷ Σ|w₁₆| + 2⁻⁹ D), and float's rounding of w·s, of the sum, its
/// product with q, and the bias.
void expect_within_bound(const FixedCase& c) {
  const Guarded<float> got = scores_of(c, 0, c.size());
  for (std::size_t k = 0; k < c.classes; ++k) {
    double sizes = 0;
    for (const std::int64_t w : multiples(c.of_class(k), c.exponents[k]))
      sizes += static_cast<double>(std::abs(w));
    for (std::size_t i = 0; i < c.size(); ++i) {
      double distance = 0;
      for (std::size_t d = 0; d < c.features; ++d) distance += std::abs(c.centred(i, d));
      const double unit = std::ldexp(1.0, c.exponents[k]);
      const double bound = unit * (distance / 2 + std::ldexp(sizes, -17) +
                                   std::ldexp(static_cast<double>(c.features), -9));
      const test::Exact exact = c.score(i, k);
      const double error = std::abs(static_cast<double>(got[at(c, i, k)]) - exact.value);
      ASSERT_LE(error, bound + 8 * test::rounding * exact.size)
          << "D " << c.features << " row " << i << " class " << k;
    }
  }
}

TEST(FixedScores, AreThoseOfExactSumsOnEverySet) {
  for (const std::size_t features : test::many_features())
    expect_exact_scores(FixedCase(37, features, features % 9 == 0 ? 100 : 13));
}

TEST(FixedScores, OfExtremeCellsAreExactToo) {
  for (const std::size_t features : {1, 64, 300, 3072}) {
    expect_exact_scores(FixedCase(19, features, 6, {254.9, 0.1, 100}));
    expect_exact_scores(FixedCase(19, features, 6, {127, 500, 1}));
  }
}

TEST(FixedScores, KeepTheBoundOnWhatRoundingLoses) {
  for (const std::size_t features : {1, 15, 64, 129, 3072}) {
    expect_within_bound(FixedCase(19, features, 6));
    expect_within_bound(FixedCase(19, features, 6, {254.01, 0.7, 100}));
    expect_within_bound(FixedCase(19, features, 6, {1, 0.5, 1e-3}));
  }
}

TEST(FixedScores, OfARowAreTheSameBitsWhateverTheOtherRowsAre) {
  for (const std::size_t features : {1, 63, 64, 65, 129, 1537}) {
    const FixedCase c(80, features, 8);
    test::on_every_set([&] {
      const Guarded<float> whole = scores_of(c, 0, c.size());
      for (std::size_t n = 1; n <= 65; n = n == 37 ? 64 : n + 1) {
        const Guarded<float> got = scores_of(c, n % 15, n);
        for (std::size_t i = 0; i < n; ++i)
          for (std::size_t k = 0; k < c.classes; ++k)
            ASSERT_EQ(got[at(c, i, k)], whole[at(c, n % 15 + i, k)])
                << "D " << features << " n " << n << " row " << i << " class " << k;
      }
    });
  }
}

TEST(FixedScores, OfWeightsThatAreNoNumbersAreNone) {
  for (const float bad : {nan, test::infinity, -test::infinity})
    for (const std::size_t at_column : {0, 99}) {
      LinearCase numbers(CellType::u8, 3, 100, 2);
      numbers.weights[at_column] = bad;
      const LinePanel panel{.classes = 2, .features = 100};
      const FixedMean mean(numbers.mean);
      test::on_every_set([&] {
        Guarded<std::int16_t> packed(panel.size());
        const auto [e, sums] = kernels::round_class(panel, 0, numbers.weights.data(),
                                                    numbers.scale.data(), mean, packed.data());
        EXPECT_TRUE(std::isnan(ScoreScale::of(e, sums, 0).unit));
        EXPECT_FALSE(kernels::is_least_exponent(e, sums, 100));
      });
    }
}

/// A case and its G; the sums over its rows.
struct FixedProducts {
  FixedProducts(std::size_t n, std::size_t features, std::size_t classes,
                const test::Spread& spread = test::Spread::of(CellType::u8))
      : data(n, features, classes, spread),
        slopes(n, classes),
        stage{.cells = nullptr, .rows = kernels::blocks_of(n) * block},
        cells(stage.bytes(CellType::u8, features)) {
    stage.cells = cells.data();
  }

  [[nodiscard]] std::vector<float> slopes_of(std::size_t k) const {
    std::vector<float> g;
    for (std::size_t i = 0; i < data.size(); ++i) g.push_back(static_cast<float>(slopes(i, k)));
    return g;
  }

  /// Lays down the rows and rounds G, on the set in force.
  void prepare() {
    (void)scores_of(data, 0, data.size(), stage);
    EXPECT_TRUE(cells.intact());
    rounded.assign(kernels::blocks_of(data.size()) * block * data.classes, 77);
    scales.resize(data.classes);
    kernels::round_slopes(slopes.from(0), data.classes, data.size(), rounded.data(), scales);
  }

  void add(ColumnBlocks columns, const OuterSums& sums) const {
    kernels::add_fixed_outer(
        {.stage = stage, .count = data.size(), .cells = CellType::u8, .features = data.features},
        data.fixed, rounded.data(), scales, columns, sums);
  }

  /// Σ_i g (x_d − μ_d) of one class by the definition, in every column.
  [[nodiscard]] std::vector<float> wanted(std::size_t k) const {
    const std::vector<float> g = slopes_of(k);
    const int e = least_exponent(g);
    const auto g16 = multiples(g, e);
    std::int64_t sum = 0;
    for (const std::int64_t v : g16) sum += v;
    std::vector<float> values;
    for (std::size_t d = 0; d < data.features; ++d) {
      std::int64_t centred = 0;
      for (std::size_t i = 0; i < data.size(); ++i)
        centred += g16[i] * (data.cell(i, d) - data.fixed.whole[d]);
      const float rest =
          static_cast<float>(data.fixed.rest[d]) * (static_cast<float>(sum) * 0x1p-16F);
      values.push_back(std::ldexp(1.0F, e) * (static_cast<float>(centred) - rest));
    }
    return values;
  }

  [[nodiscard]] std::size_t blocks() const { return kernels::blocks_of(data.features); }

  FixedCase data;
  test::Slopes slopes;
  Stage stage;
  Guarded<std::byte> cells;
  AlignedVector<std::int16_t> rounded;
  std::vector<SlopeScale> scales;
};

void expect_exact_sums(FixedProducts p) {
  std::vector<std::vector<float>> wanted;
  for (std::size_t k = 0; k < p.data.classes; ++k) wanted.push_back(p.wanted(k));
  test::on_every_set([&] {
    p.prepare();
    Guarded<float> a(p.data.panel.size());
    p.add({.begin = 0, .end = p.blocks()}, {.panel = a.data()});
    EXPECT_TRUE(a.intact());
    for (std::size_t k = 0; k < p.data.classes; ++k)
      for (std::size_t d = 0; d < p.data.features; ++d)
        ASSERT_EQ(a[place(p.data.panel, k, d)], wanted[k][d])
            << "D " << p.data.features << " n " << p.data.size() << " class " << k << " column "
            << d;
  });
}

TEST(AddFixedOuter, EverySumIsThatOfExactProductsOnEverySet) {
  for (const std::size_t features : test::many_features())
    expect_exact_sums(
        {features > 1000 ? 37 : 1 + features * 7 % 65, features, test::some_classes(features)});
  for (std::size_t n = 1; n <= 65; n = n == 37 ? 64 : n + 1) expect_exact_sums({n, 37, 1 + n % 13});
  expect_exact_sums({1024, 70, 3});
  expect_exact_sums({1024, 70, 3, {254.9, 0.1, 100}});
}

TEST(AddFixedOuter, KeepsTheBoundOnWhatRoundingLoses) {
  for (const test::Spread& spread :
       {test::Spread::of(CellType::u8), test::Spread{254.01, 0.7, 100}}) {
    FixedProducts p(300, 70, 3, spread);
    p.prepare();
    Guarded<float> a(p.data.panel.size());
    p.add({.begin = 0, .end = p.blocks()}, {.panel = a.data()});
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t d = 0; d < 70; ++d) {
        test::Exact exact;
        double distance = 0;
        double slopes = 0;
        for (std::size_t i = 0; i < 300; ++i) {
          exact.add(p.slopes(i, k) * p.data.centred(i, d));
          distance += std::abs(p.data.centred(i, d));
          slopes += std::abs(p.slopes(i, k));
        }
        const double unit = static_cast<double>(p.scales[k].unit);
        const double error =
            std::abs(static_cast<double>(a[place(p.data.panel, k, d)]) - exact.value);
        // The mean is off by 2⁻¹⁷ at most.
        ASSERT_LE(error, unit * distance / 2 + std::ldexp(slopes, -17) +
                             8 * test::rounding * (exact.size + slopes));
      }
  }
}

TEST(AddFixedOuter, TheGradientOfAStripIsTheSumTimesTheScaleAndNothingBesideItIsWritten) {
  for (const std::size_t features : test::many_features()) {
    FixedProducts p(1 + features % 40, features, test::some_classes(features));
    test::on_every_set([&] {
      p.prepare();
      Guarded<float> sums(p.data.panel.size());
      p.add({.begin = 0, .end = p.blocks()}, {.panel = sums.data()});
      for (const std::size_t size : {std::size_t{8}, std::size_t{16}, p.blocks()}) {
        Guarded<float> a(p.data.panel.size());
        for (std::size_t b = 0; b < p.blocks(); b += size) {
          const ColumnBlocks columns{.begin = b, .end = std::min(p.blocks(), b + size)};
          const std::size_t begin = b * block;
          const std::size_t count = std::min(features, columns.end * block) - begin;
          const std::size_t stride = count + 7;
          const Guarded<float> scale(std::span(p.data.scale));
          Guarded<float> strip((p.data.classes - 1) * stride + count);
          p.add(columns, {.panel = a.data(),
                          .gradient = strip.data(),
                          .stride = stride,
                          .scale = scale.data()});
          EXPECT_TRUE(strip.intact());
          for (std::size_t i = 0; i < strip.size(); ++i) {
            const std::size_t k = i / stride;
            const std::size_t d = i % stride;
            if (d >= count) {
              ASSERT_TRUE(strip.untouched(i)) << "beyond class " << k;
              continue;
            }
            ASSERT_EQ(strip[i], sums[place(p.data.panel, k, begin + d)] * p.data.scale[begin + d]);
          }
        }
        EXPECT_TRUE(a.intact());
      }
    });
  }
}

TEST(AddFixedOuter, PartsOfABatchAddUpInFloat) {
  FixedProducts p(40, 130, 7);
  test::on_every_set([&] {
    p.prepare();
    const ColumnBlocks all{.begin = 0, .end = p.blocks()};
    Guarded<float> once(p.data.panel.size());
    Guarded<float> twice(p.data.panel.size());
    p.add(all, {.panel = once.data()});
    p.add(all, {.panel = twice.data()});
    p.add(all, {.panel = twice.data(), .fresh = false});
    for (std::size_t k = 0; k < 7; ++k)
      for (std::size_t d = 0; d < 130; ++d)
        ASSERT_EQ(twice[place(p.data.panel, k, d)], 2 * once[place(p.data.panel, k, d)]);
  });
}

TEST(RoundSlopes, ASlopeThatIsNoNumberMakesNoneOfItsClass) {
  for (const float bad : {nan, test::infinity, -test::infinity})
    for (const std::size_t row : {0, 20}) {
      std::vector<float> g(2 * block * 3, 0.5F);
      g[(row / block * 3 + 1) * block + row % block] = bad;
      test::on_every_set([&] {
        std::vector<std::int16_t> rounded(g.size());
        std::vector<SlopeScale> scales(3);
        kernels::round_slopes(g.data(), 3, 21, rounded.data(), scales);
        EXPECT_TRUE(std::isnan(scales[1].unit));
        EXPECT_EQ(scales[0].unit * static_cast<float>(rounded[0]), 0.5F);
        EXPECT_EQ(scales[2].unit * scales[2].sum, 21 * 0.5F);
      });
    }
}

}  // namespace
}  // namespace fallline
