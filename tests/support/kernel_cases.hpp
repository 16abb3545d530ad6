#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <fallline/data/dataset.hpp>
#include <fallline/random.hpp>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include "kernels/linear.hpp"
#include "support/datasets.hpp"
#include "support/guarded.hpp"
#include "support/same_bits.hpp"

namespace fallline::test {

inline constexpr float infinity = std::numeric_limits<float>::infinity();

/// u = 2⁻²⁴: a float operation errs by at most this share of its result.
inline constexpr double rounding = 0x1p-24;

/// Every D to beyond two blocks of 16, then around lines of a cache, around chunks of a kernel, and
/// that of CIFAR-10.
[[nodiscard]] inline std::vector<std::size_t> many_features() {
  std::vector<std::size_t> all(40);
  std::iota(all.begin(), all.end(), std::size_t{1});
  all.insert(all.end(), {63, 64, 65, 127, 128, 129, 513, 1025, 3072});
  return all;
}

/// A number of classes that changes with the features: few, and at times many.
[[nodiscard]] inline std::size_t some_classes(std::size_t features) {
  return features % 27 == 0 ? 100 : 1 + features * 5 % 13;
}

inline constexpr CellType both_cells[] = {CellType::u8, CellType::f32};

/// A number and the sum of the sizes of what it is a sum of, which its rounding is a share of.
struct Exact {
  double value = 0;
  double size = 0;

  void add(double term) {
    value += term;
    size += std::abs(term);
  }
  [[nodiscard]] bool is_near(float got, double roundings) const {
    return std::abs(static_cast<double>(got) - value) <= roundings * rounding * size;
  }
};

/// Cells around `centre`, their mean, and what they are divided by.
struct Spread {
  double centre = 0;
  double deviation = 1;
  double scale = 1;

  [[nodiscard]] static Spread of(CellType cells) {
    return cells == CellType::u8 ? Spread{120, 60, 0.02} : Spread{0.3, 1, 1.5};
  }
};

/// Where column d of class c lies in a panel: a column that two blocks cover is the first one's.
[[nodiscard]] inline std::size_t place(const kernels::Panel& panel, std::size_t c, std::size_t d) {
  const std::size_t b = d / kernels::block;
  return panel.offset(c, b) + d - panel.start(b);
}

/// Numbers C×D as a panel.
[[nodiscard]] inline Guarded<float> panel_of(std::span<const float> numbers, std::size_t classes) {
  const kernels::Panel panel{.classes = classes, .features = numbers.size() / classes};
  Guarded<float> packed(panel.size());
  std::fill_n(packed.data(), panel.size(), 0.0F);
  for (std::size_t c = 0; c < classes; ++c)
    for (std::size_t d = 0; d < panel.features; ++d)
      packed[place(panel, c, d)] = numbers[c * panel.features + d];
  return packed;
}

/// Rows, each in guarded memory of its own, at either end of it and at every offset of a byte;
/// weights, mean, scale and bias.
struct LinearCase {
  LinearCase(CellType type, std::size_t n, std::size_t d, std::size_t c)
      : LinearCase(type, n, d, c, Spread::of(type)) {}

  LinearCase(CellType type, std::size_t n, std::size_t d, std::size_t c, const Spread& spread)
      : cells(type),
        features(d),
        classes(c),
        x(random_vector<float>(n * d, spread.deviation, 1)),
        weights(random_vector<float>(c * d, 1, 2)),
        bias(random_vector<float>(c, 1, 3)),
        mean(random_vector<float>(d, spread.deviation / 64, 4)),
        scale(random_vector<float>(d, spread.scale, 5)) {
    for (float& number : mean) number += static_cast<float>(spread.centre);
    for (float& number : x) {
      number += static_cast<float>(spread.centre);
      if (type == CellType::u8) number = std::round(std::clamp(number, 0.0F, 255.0F));
    }
    for (std::size_t i = 0; i < n; ++i) lay_down(i);
    for (std::size_t i = 0; i < classes * features; ++i)
      scaled.push_back(weights[i] * scale[i % features]);
  }

  [[nodiscard]] std::size_t size() const { return rows.size(); }
  /// x_d − mean_d of row i.
  [[nodiscard]] double centred(std::size_t i, std::size_t d) const {
    return static_cast<double>(x[i * features + d]) - static_cast<double>(mean[d]);
  }
  [[nodiscard]] Exact score(std::size_t i, std::size_t c) const {
    Exact sum;
    for (std::size_t d = 0; d < features; ++d)
      sum.add(static_cast<double>(weights[c * features + d]) * static_cast<double>(scale[d]) *
              centred(i, d));
    sum.add(static_cast<double>(bias[c]));
    return sum;
  }

  CellType cells;
  std::size_t features;  // D
  std::size_t classes;   // C
  std::vector<float> x;  // n×D
  std::vector<float> weights;
  std::vector<float> bias;
  std::vector<float> mean;
  std::vector<float> scale;
  std::vector<float> scaled;  // C×D: weights times scale
  std::vector<Guarded<std::byte>> rows;
  std::vector<const std::byte*> pointers;

 private:
  void lay_down(std::size_t i) {
    const std::size_t width = bytes_of(cells);
    rows.emplace_back(features * width, Place{.at_begin = i % 3 == 2, .shift = i / 3 % 4});
    for (std::size_t d = 0; d < features; ++d) {
      const float number = x[i * features + d];
      if (cells == CellType::u8)
        rows[i][d] = static_cast<std::byte>(number);
      else
        std::memcpy(rows[i].data() + d * width, &number, width);
    }
    pointers.push_back(rows[i].data());
  }
};

/// A stage for `rows` rows and its cells.
struct Staged {
  Staged(const LinearCase& c, std::size_t rows)
      : stage{.cells = nullptr, .rows = kernels::blocks_of(rows) * kernels::block},
        cells(stage.bytes(c.cells, c.features)) {
    stage.cells = cells.data();
  }

  /// Puts rows `first`, … of the case where rows `position`, … of the stage lie.
  void fill(const LinearCase& c, std::size_t first, std::size_t n, std::size_t position) {
    const std::size_t width = bytes_of(c.cells);
    const kernels::Panel one{.classes = 1, .features = c.features};
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t b = 0; b < one.column_blocks(); ++b) {
        std::byte* to = cells.data() + stage.offset(c.cells, b, position + i);
        std::memset(to, 0, kernels::block * width);
        std::memcpy(to, c.pointers[first + i] + one.start(b) * width,
                    std::min(kernels::block, c.features) * width);
      }
  }

  kernels::Stage stage;
  Guarded<std::byte> cells;
};

/// The G of n rows and C classes in the layout of the scores; the places of missing rows are NaN.
class Slopes {
 public:
  Slopes(std::size_t n, std::size_t classes)
      : classes_(classes), numbers_(kernels::blocks_of(n) * kernels::block * classes) {
    const auto random = test::random_vector<float>(n * classes, 0.1, 6);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t c = 0; c < classes; ++c) numbers_[at(i, c)] = random[i * classes + c];
  }
  [[nodiscard]] std::size_t at(std::size_t i, std::size_t c) const {
    return (i / kernels::block * classes_ + c) * kernels::block + i % kernels::block;
  }
  [[nodiscard]] double operator()(std::size_t i, std::size_t c) const {
    return static_cast<double>(numbers_[at(i, c)]);
  }
  [[nodiscard]] const float* from(std::size_t row) const { return numbers_.data() + at(row, 0); }

 private:
  std::size_t classes_;
  Guarded<float> numbers_;
};

}  // namespace fallline::test
