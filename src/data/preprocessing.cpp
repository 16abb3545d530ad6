#include <algorithm>
#include <array>
#include <cmath>
#include <fallline/data/preprocessing.hpp>
#include <fallline/error.hpp>
#include <fallline/workers.hpp>

#include "names.hpp"

namespace fallline {
namespace {

using Kind = PreprocessingKind;

constexpr Names<Kind, 6> names{"preprocessing",
                               {{
                                   {Kind::automatic, "auto"},
                                   {Kind::none, "none"},
                                   {Kind::mean, "mean"},
                                   {Kind::global, "global"},
                                   {Kind::channel, "channel"},
                                   {Kind::feature, "feature"},
                               }}};

/// Mean and population variance of each feature, in double.
struct Moments {
  std::vector<double> mean;
  std::vector<double> variance;
};

/// Features of one piece of work.
constexpr std::size_t strip = 512;

/// Sums of 65,793 squared bytes are the most that 32 bits are sure to hold.
constexpr std::size_t exact_rows = 65'793;

void byte_moments(const Dataset& data, std::size_t begin, std::size_t end, Moments& moments) {
  std::array<std::uint64_t, strip> sums{};
  std::array<std::uint64_t, strip> squares{};
  for (std::size_t first = 0; first < data.size(); first += exact_rows) {
    std::array<std::uint32_t, strip> sum{};
    std::array<std::uint32_t, strip> square{};
    const std::size_t last = std::min(data.size(), first + exact_rows);
    for (std::size_t i = first; i < last; ++i) {
      const auto* row = reinterpret_cast<const std::uint8_t*>(data.rows()[i]) + begin;
      for (std::size_t d = 0; d < end - begin; ++d) {
        const std::uint32_t x = row[d];
        sum[d] += x;
        square[d] += x * x;
      }
    }
    for (std::size_t d = 0; d < end - begin; ++d) {
      sums[d] += sum[d];
      squares[d] += square[d];
    }
  }
  const auto n = static_cast<double>(data.size());
  for (std::size_t d = begin; d < end; ++d) {
    const double mean = static_cast<double>(sums[d - begin]) / n;
    moments.mean[d] = mean;
    moments.variance[d] = std::max(0.0, static_cast<double>(squares[d - begin]) / n - mean * mean);
  }
}

void float_moments(const Dataset& data, std::size_t begin, std::size_t end, Moments& moments) {
  const auto n = static_cast<double>(data.size());
  const auto cells = [&](std::size_t i) { return reinterpret_cast<const float*>(data.rows()[i]); };
  for (std::size_t i = 0; i < data.size(); ++i)
    for (std::size_t d = begin; d < end; ++d) moments.mean[d] += static_cast<double>(cells(i)[d]);
  for (std::size_t d = begin; d < end; ++d) moments.mean[d] /= n;
  for (std::size_t i = 0; i < data.size(); ++i)
    for (std::size_t d = begin; d < end; ++d) {
      const double off = static_cast<double>(cells(i)[d]) - moments.mean[d];
      moments.variance[d] += off * off;
    }
  for (std::size_t d = begin; d < end; ++d) moments.variance[d] /= n;
}

Moments moments_of(const Dataset& data, Workers& workers) {
  Moments moments{.mean = std::vector<double>(data.features()),
                  .variance = std::vector<double>(data.features())};
  workers.for_each((data.features() + strip - 1) / strip, [&](std::size_t s) {
    const std::size_t end = std::min(data.features(), (s + 1) * strip);
    const auto measure = data.cells() == CellType::u8 ? byte_moments : float_moments;
    measure(data, s * strip, end, moments);
  });
  return moments;
}

/// 1/σ, and 0 for a feature that does not change beyond rounding of its mean.
double scale_of(double mean, double variance) {
  const double deviation = std::sqrt(variance);
  return deviation > 1e-7 * std::abs(mean) ? 1 / deviation : 0;
}

/// Gives every group of features its common mean and variance: group(d) is in 0..groups-1.
/// Where `keep_means`, each feature keeps its own mean and only the variances are pooled.
template <class Group>
void pool(Moments& moments, std::size_t groups, bool keep_means, Group group) {
  std::vector<double> mean(groups);
  std::vector<double> square(groups);
  std::vector<double> count(groups);
  for (std::size_t d = 0; d < moments.mean.size(); ++d) {
    mean[group(d)] += moments.mean[d];
    count[group(d)] += 1;
  }
  for (std::size_t k = 0; k < groups; ++k) mean[k] /= count[k];
  for (std::size_t d = 0; d < moments.mean.size(); ++d) {
    const double off = keep_means ? 0 : moments.mean[d] - mean[group(d)];
    square[group(d)] += moments.variance[d] + off * off;
  }
  for (std::size_t d = 0; d < moments.mean.size(); ++d) {
    if (!keep_means) moments.mean[d] = mean[group(d)];
    moments.variance[d] = square[group(d)] / count[group(d)];
  }
}

void pool_channels(Moments& moments, const Dataset& data) {
  if (!data.shape())
    throw usage_error(
        "preprocessing by channel needs pictures, and " + data.name() + " holds plain features",
        "choose feature, global, mean or none");
  const ImageShape& shape = *data.shape();
  const std::size_t channels = std::max<std::size_t>(1, shape.channels);
  const std::size_t area = std::max<std::size_t>(1, shape.height * shape.width);
  pool(moments, channels, false,
       [&](std::size_t d) { return shape.interleaved ? d % channels : d / area; });
}

}  // namespace

std::string_view name_of(PreprocessingKind kind) { return names.name_of(kind); }

PreprocessingKind preprocessing_kind(std::string_view name) { return names.value_of(name); }

Preprocessing Preprocessing::identity(std::size_t features) {
  return {.kind = Kind::none,
          .mean = std::vector<float>(features, 0.0F),
          .scale = std::vector<float>(features, 1.0F)};
}

Preprocessing Preprocessing::fit(PreprocessingKind kind, const Dataset& data, Workers& workers) {
  if (kind == Kind::automatic) kind = data.shape() ? Kind::global : Kind::feature;
  Preprocessing fitted = identity(data.features());
  fitted.kind = kind;
  if (kind == Kind::none || data.empty()) return fitted;
  Moments moments = moments_of(data, workers);
  if (kind == Kind::global) pool(moments, 1, true, [](std::size_t) { return std::size_t{0}; });
  if (kind == Kind::channel) pool_channels(moments, data);
  for (std::size_t d = 0; d < data.features(); ++d) {
    fitted.mean[d] = static_cast<float>(moments.mean[d]);
    if (kind != Kind::mean)
      fitted.scale[d] = static_cast<float>(scale_of(moments.mean[d], moments.variance[d]));
  }
  return fitted;
}

}  // namespace fallline
