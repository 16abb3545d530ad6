#include "model/products.hpp"

#include <algorithm>
#include <cstdint>
#include <fallline/error.hpp>
#include <vector>

#include "aligned.hpp"
#include "kernels/columns.hpp"
#include "kernels/fixed_point.hpp"

namespace fallline {
namespace {

using kernels::ColumnBlocks;

AlignedVector<float> mean_panel(std::span<const float> mean) {
  const kernels::Panel one{.classes = 1, .features = mean.size()};
  const std::vector<float> unscaled(mean.size(), 1.0F);
  AlignedVector<float> panel(one.size());
  kernels::pack(one, mean.data(), unscaled.data(), {.begin = 0, .end = one.column_blocks()},
                panel.data());
  return panel;
}

class FloatProducts : public Products {
 public:
  FloatProducts(const Dataset& data, const Preprocessing& preprocessing, std::size_t classes)
      : shape_{.classes = classes, .features = data.features()},
        cells_(data.cells()),
        mean_(mean_panel(preprocessing.mean)),
        scale_(preprocessing.scale.begin(), preprocessing.scale.end()),
        weights_(shape_.size()),
        bias_(classes) {}

  void set_weights(std::span<const float> parameters, ColumnBlocks columns,
                   std::size_t /*thread*/) override {
    kernels::pack(shape_, parameters.data(), scale_.data(), columns, weights_.data());
  }
  void finish_weights(std::span<const float> parameters, Workers& /*workers*/) override {
    std::ranges::copy(parameters.last(bias_.size()), bias_.begin());
  }
  void scores(std::span<const std::byte* const> rows, std::span<const std::byte* const> ahead,
              float* scores, const kernels::Stage& stage, std::size_t position) const override {
    kernels::scores({.pointers = rows,
                     .cells = cells_,
                     .features = shape_.features,
                     .mean = mean_.data(),
                     .ahead = ahead},
                    weights_.data(), bias_.data(), shape_.classes, scores, stage, position);
  }
  void set_slopes(const float* g, std::size_t n) override {
    slopes_ = g;
    count_ = n;
  }
  void add_outer(const kernels::Stage& stage, ColumnBlocks columns,
                 kernels::OuterSums sums) const override {
    sums.scale = scale_.data();
    kernels::add_outer({.stage = stage,
                        .count = count_,
                        .cells = cells_,
                        .features = shape_.features,
                        .mean = mean_.data()},
                       slopes_, shape_.classes, columns, sums);
  }
  [[nodiscard]] std::size_t panel_size() const override { return shape_.size(); }

 private:
  kernels::Panel shape_;
  CellType cells_;
  AlignedVector<float> mean_;   // a panel of one class
  AlignedVector<float> scale_;  // D
  AlignedVector<float> weights_;
  std::vector<float> bias_;  // C
  const float* slopes_ = nullptr;
  std::size_t count_ = 0;
};

/// The exponents of the weights change a few times in a run: columns are rounded with those of the
/// step before, and a class whose exponent has changed once more.
class IntegerProducts : public Products {
 public:
  IntegerProducts(const Dataset& data, const Preprocessing& preprocessing, std::size_t classes,
                  std::size_t threads)
      : shape_{.classes = classes, .features = data.features()},
        mean_(preprocessing.mean),
        scale_(preprocessing.scale.begin(), preprocessing.scale.end()),
        weights_(shape_.size()),
        stride_(classes + 6),
        rounded_(threads * stride_),
        exponents_(classes, kernels::smallest_exponent),
        score_scale_(classes),
        slope_scale_(classes) {}

  void set_weights(std::span<const float> parameters, ColumnBlocks columns,
                   std::size_t thread) override {
    for (std::size_t c = 0; c < shape_.classes; ++c)
      rounded_[thread * stride_ + c].add(kernels::round_weights(shape_, c, parameters.data(),
                                                                scale_.data(), mean_, exponents_[c],
                                                                columns, weights_.data()));
  }

  void finish_weights(std::span<const float> parameters, Workers& workers) override {
    const std::size_t classes = shape_.classes;
    std::vector<std::size_t>& changed = changed_;
    changed.clear();
    for (std::size_t t = stride_; t < rounded_.size(); t += stride_)
      for (std::size_t c = 0; c < classes; ++c) rounded_[c].add(rounded_[t + c]);
    for (std::size_t c = 0; c < classes; ++c)
      if (!kernels::is_least_exponent(exponents_[c], rounded_[c], shape_.features))
        changed.push_back(c);
    workers.for_each(changed.size(), [&](std::size_t i) {
      const std::size_t c = changed[i];
      const auto [e, rounded] =
          kernels::round_class(shape_, c, parameters.data(), scale_.data(), mean_, weights_.data());
      exponents_[c] = e;
      rounded_[c] = rounded;
    });
    const std::span<const float> bias = parameters.last(classes);
    for (std::size_t c = 0; c < classes; ++c)
      score_scale_[c] = kernels::ScoreScale::of(exponents_[c], rounded_[c], bias[c]);
    std::ranges::fill(rounded_, kernels::Rounded{});
  }

  void scores(std::span<const std::byte* const> rows, std::span<const std::byte* const> ahead,
              float* scores, const kernels::Stage& stage, std::size_t position) const override {
    kernels::fixed_scores(
        {.pointers = rows, .cells = CellType::u8, .features = shape_.features, .ahead = ahead},
        weights_.data(), score_scale_, scores, stage, position);
  }

  void set_slopes(const float* g, std::size_t n) override {
    const std::size_t size = kernels::blocks_of(n) * kernels::block * shape_.classes;
    if (slopes_.size() < size) slopes_.resize(size);
    kernels::round_slopes(g, shape_.classes, n, slopes_.data(), slope_scale_);
    count_ = n;
  }

  void add_outer(const kernels::Stage& stage, ColumnBlocks columns,
                 kernels::OuterSums sums) const override {
    sums.scale = scale_.data();
    kernels::add_fixed_outer(
        {.stage = stage, .count = count_, .cells = CellType::u8, .features = shape_.features},
        mean_, slopes_.data(), slope_scale_, columns, sums);
  }
  [[nodiscard]] std::size_t panel_size() const override { return shape_.size(); }

 private:
  kernels::LinePanel shape_;
  kernels::FixedMean mean_;
  AlignedVector<float> scale_;  // D
  AlignedVector<std::int16_t> weights_;
  std::size_t stride_;                     // of the threads in what follows, two lines of its own
  std::vector<kernels::Rounded> rounded_;  // since the weights were finished, C for each thread
  std::vector<int> exponents_;             // C, of the weights
  std::vector<std::size_t> changed_;       // classes that the last exponents are wrong for
  std::vector<kernels::ScoreScale> score_scale_;
  AlignedVector<std::int16_t> slopes_;
  std::vector<kernels::SlopeScale> slope_scale_;
  std::size_t count_ = 0;
};

void require_means_of_bytes(const Preprocessing& preprocessing) {
  for (const float mean : preprocessing.mean)
    if (!(mean >= 0 && mean <= 255))
      throw usage_error("integer arithmetic is not possible: a mean is outside of 0 to 255",
                        "use float arithmetic, or preprocessing that was fitted to these bytes");
}

}  // namespace

std::unique_ptr<Products> make_products(Arithmetic arithmetic, const Dataset& data,
                                        const Preprocessing& preprocessing, std::size_t classes,
                                        std::size_t threads) {
  if (arithmetic != Arithmetic::integers)
    return std::make_unique<FloatProducts>(data, preprocessing, classes);
  require_arithmetic(arithmetic, data.cells(), data.features());
  require_means_of_bytes(preprocessing);
  return std::make_unique<IntegerProducts>(data, preprocessing, classes, threads);
}

std::size_t products_bytes(std::size_t features, std::size_t classes, std::size_t rows) {
  // The larger of the two: floats in blocks of 16 columns, 16-bit integers and slopes in lines.
  const kernels::Panel floats{.classes = classes, .features = features};
  const kernels::LinePanel integers{.classes = classes, .features = features};
  return std::max(2 * floats.size() * 4 + floats.column_blocks() * kernels::block * 4,
                  integers.size() * (2 + 4) + rows * classes * 2) +
         features * 4;
}

}  // namespace fallline
