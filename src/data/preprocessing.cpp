#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fallline/data/preprocessing.hpp>
#include <fallline/error.hpp>
#include <fallline/workers.hpp>
#include <limits>

#include "data/cell_value.hpp"
#include "files/mappings.hpp"
#include "kernels/moments.hpp"
#include "names.hpp"

namespace fallline {
namespace {

using Kind = PreprocessingKind;

constexpr Names<Kind, 6> kinds{"preprocessing",
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

/// Exact sums of the bytes of each feature and of their squares.
struct ByteSums {
  explicit ByteSums(std::size_t features) : sums(features), squares(features) {}

  void add(std::span<const std::byte* const> rows) {
    std::vector<std::uint32_t> sum(sums.size());
    std::vector<std::uint32_t> square(sums.size());
    kernels::add_moments(rows, sums.size(), sum.data(), square.data());
    for (std::size_t d = 0; d < sums.size(); ++d) {
      sums[d] += sum[d];
      squares[d] += square[d];
    }
  }
  void add(const ByteSums& other) {
    for (std::size_t d = 0; d < sums.size(); ++d) {
      sums[d] += other.sums[d];
      squares[d] += other.squares[d];
    }
  }

  std::vector<std::uint64_t> sums;
  std::vector<std::uint64_t> squares;
};

/// Whole numbers: whichever thread adds up which rows, the sums are the same.
void byte_moments(const Dataset& data, Workers& workers, Moments& moments) {
  constexpr std::size_t piece = 2048;
  static_assert(piece <= kernels::exact_rows);
  std::vector<ByteSums> of_thread(workers.threads(), ByteSums(data.features()));
  workers.for_each((data.size() + piece - 1) / piece, [&](std::size_t p, std::size_t thread) {
    of_thread[thread].add(data.rows().subspan(p * piece, std::min(piece, data.size() - p * piece)));
  });
  for (std::size_t t = 1; t < of_thread.size(); ++t) of_thread[0].add(of_thread[t]);
  const auto n = static_cast<double>(data.size());
  for (std::size_t d = 0; d < data.features(); ++d) {
    const double mean = static_cast<double>(of_thread[0].sums[d]) / n;
    const double square = static_cast<double>(of_thread[0].squares[d]) / n;
    moments.mean[d] = mean;
    moments.variance[d] = std::max(0.0, square - mean * mean);
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
  if (data.cells() == CellType::u8) {
    byte_moments(data, workers, moments);
  } else {
    workers.for_each((data.features() + strip - 1) / strip, [&](std::size_t s) {
      float_moments(data, s * strip, std::min(data.features(), (s + 1) * strip), moments);
    });
  }
  require_mappings();
  return moments;
}

/// 1/σ, and 0 for a feature that does not change beyond rounding of its mean, or by so little that
/// 1/σ is beyond single precision.
double scale_of(double mean, double variance) {
  const double deviation = std::sqrt(variance);
  constexpr double least = 1.0 / std::numeric_limits<float>::max();
  return deviation > std::max(least, 1e-7 * std::abs(mean)) ? 1 / deviation : 0;
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

std::string_view name_of(PreprocessingKind kind) { return kinds.name_of(kind); }

PreprocessingKind preprocessing_kind(std::string_view name) { return kinds.value_of(name); }

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
    fitted.mean[d] = data::cell_value(static_cast<float>(moments.mean[d]));
    if (kind != Kind::mean)
      fitted.scale[d] = static_cast<float>(scale_of(moments.mean[d], moments.variance[d]));
  }
  return fitted;
}

}  // namespace fallline
