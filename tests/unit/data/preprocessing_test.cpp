#include <gtest/gtest.h>

#include <cmath>
#include <fallline/data/preprocessing.hpp>
#include <fallline/error.hpp>
#include <fallline/workers.hpp>
#include <vector>

#include "support/datasets.hpp"
#include "support/table.hpp"

namespace fallline {
namespace {

using Kind = PreprocessingKind;

/// Mean and variance of z over all examples, for every feature.
std::vector<std::pair<double, double>> moments_after(const Dataset& data, const Preprocessing& p) {
  std::vector<std::pair<double, double>> all(data.features());
  for (std::size_t d = 0; d < data.features(); ++d) {
    double sum = 0;
    double square = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
      const double z = (static_cast<double>(data.cell(i, d)) - p.mean[d]) * p.scale[d];
      sum += z;
      square += z * z;
    }
    const auto n = static_cast<double>(data.size());
    all[d] = {sum / n, square / n - (sum / n) * (sum / n)};
  }
  return all;
}

TEST(Preprocessing, EveryFeatureGetsMeanZeroAndDeviationOne) {
  Workers workers(3);
  for (const CellType cells : {CellType::u8, CellType::f32}) {
    const Dataset data = test::random_dataset(900, 1100, 4, cells, 7, 50, 3);
    for (const auto& [mean, variance] :
         moments_after(data, Preprocessing::fit(Kind::feature, data, workers))) {
      EXPECT_NEAR(mean, 0, 1e-5);
      EXPECT_NEAR(variance, 1, 1e-5);
    }
  }
}

TEST(Preprocessing, GlobalScalesAllFeaturesAlikeToAMeanVarianceOfOne) {
  Workers workers(1);
  const Dataset data = test::random_dataset(400, 40, 4, CellType::u8);
  const Preprocessing fitted = Preprocessing::fit(Kind::global, data, workers);
  double sum = 0;
  for (const auto& [mean, variance] : moments_after(data, fitted)) {
    EXPECT_NEAR(mean, 0, 1e-5);
    sum += variance;
  }
  EXPECT_NEAR(sum / 40, 1, 1e-5);
  for (const float scale : fitted.scale) EXPECT_EQ(scale, fitted.scale[0]);
}

TEST(Preprocessing, AChannelHasOneMeanAndOneScaleInEitherOrderOfPixels) {
  Workers workers(1);
  const Dataset plain = test::random_dataset(50, 12, 3, CellType::u8);
  for (const bool interleaved : {false, true}) {
    DatasetParts parts{.name = "pictures", .cells = CellType::u8, .features = 12};
    parts.rows.assign(plain.rows().begin(), plain.rows().end());
    parts.labels.assign(plain.labels().begin(), plain.labels().end());
    parts.class_names = plain.class_names();
    parts.shape = ImageShape{.channels = 3, .height = 2, .width = 2, .interleaved = interleaved};
    const Preprocessing fitted = Preprocessing::fit(Kind::channel, Dataset(parts), workers);
    for (std::size_t d = 0; d < 12; ++d) {
      const std::size_t channel = interleaved ? d % 3 : d / 4;
      const std::size_t first = interleaved ? channel : channel * 4;
      EXPECT_EQ(fitted.mean[d], fitted.mean[first]);
      EXPECT_EQ(fitted.scale[d], fitted.scale[first]);
    }
    EXPECT_NE(fitted.mean[0], fitted.mean[interleaved ? 1 : 4]);
  }
  EXPECT_THROW((void)Preprocessing::fit(Kind::channel, plain, workers), Error);
}

TEST(Preprocessing, AFeatureThatNeverChangesIsLeftOut) {
  static const float cells[] = {5, 1, 5, 2, 5, 3};
  DatasetParts parts{.name = "constant", .cells = CellType::f32, .features = 2};
  for (int i = 0; i < 3; ++i)
    parts.rows.push_back(reinterpret_cast<const std::byte*>(cells + 2 * i));
  Workers workers(1);
  const Preprocessing fitted = Preprocessing::fit(Kind::feature, Dataset(parts), workers);
  EXPECT_EQ(fitted.scale[0], 0.0F);
  EXPECT_NEAR(fitted.scale[1], std::sqrt(1.5), 1e-6);
}

TEST(Preprocessing, SumsOfBytesAreExactBeyondThirtyTwoBits) {
  // 70,000 rows of 255: their squares add up to 4.55e9, more than 2³².
  static const std::byte cell{255};
  static const std::byte zero{0};
  DatasetParts parts{.name = "white", .cells = CellType::u8, .features = 1};
  parts.rows.assign(70'000, &cell);
  parts.rows.back() = &zero;
  Workers workers(1);
  const Preprocessing fitted = Preprocessing::fit(Kind::feature, Dataset(parts), workers);
  const double p = 1.0 / 70'000;
  EXPECT_NEAR(fitted.mean[0], 255 * (1 - p), 1e-4);
  EXPECT_NEAR(fitted.scale[0] * 255 * std::sqrt(p * (1 - p)), 1, 1e-5);
}

TEST(Preprocessing, TheSameForAnyNumberOfWorkers) {
  const Dataset data = test::random_dataset(300, 2000, 4, CellType::f32);
  Workers one(1);
  Workers many(5);
  EXPECT_EQ(Preprocessing::fit(Kind::feature, data, one),
            Preprocessing::fit(Kind::feature, data, many));
}

TEST(Preprocessing, AutomaticIsGlobalForPicturesAndByFeatureElse) {
  Workers workers(1);
  const Dataset data = test::random_dataset(30, 12, 3, CellType::u8);
  EXPECT_EQ(Preprocessing::fit(Kind::automatic, data, workers).kind, Kind::feature);
  for (const Kind kind : {Kind::none, Kind::mean, Kind::global, Kind::channel, Kind::feature})
    EXPECT_EQ(preprocessing_kind(name_of(kind)), kind);
  EXPECT_THROW((void)preprocessing_kind("whiten"), Error);
}

TEST(Preprocessing, AFeatureThatChangesByLessThanSinglePrecisionCanScaleIsLeftOut) {
  Workers workers(1);
  for (const float size : {1e-39F, 1e-40F, 1e-45F}) {
    const Dataset data =
        test::table<float>(2, {size, 1, 2 * size, 2, 4 * size, 4}, {0, 1, 0}, {"a", "b"});
    const Preprocessing fitted = Preprocessing::fit(PreprocessingKind::feature, data, workers);
    EXPECT_EQ(fitted.scale[0], 0) << size;
    EXPECT_GT(fitted.scale[1], 0);
  }
  const Dataset least = test::table<float>(1, {0, 1e-37F}, {0, 1}, {"a", "b"});
  EXPECT_TRUE(
      std::isfinite(Preprocessing::fit(PreprocessingKind::feature, least, workers).scale[0]));
}

}  // namespace
}  // namespace fallline
