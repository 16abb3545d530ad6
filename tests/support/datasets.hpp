#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fallline/data/dataset.hpp>
#include <fallline/random.hpp>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace fallline::test {

/// N examples of D random cells in C classes: bytes 0..255, or floats with mean `offset` and
/// deviation `spread`. The classes differ in their means, so that there is something to learn.
inline Dataset random_dataset(std::size_t n, std::size_t features, std::size_t classes,
                              CellType cells, std::uint64_t seed = 7, double offset = 0,
                              double spread = 1) {
  const Random random(seed, Purpose::search);
  const std::size_t width = bytes_of(cells);
  auto storage = std::make_shared<std::vector<std::byte>>(n * features * width);
  DatasetParts parts{.name = "random", .cells = cells, .features = features};
  for (std::size_t i = 0; i < n; ++i) {
    const auto y = static_cast<std::int32_t>(random.below(i, classes));
    std::byte* row = storage->data() + i * features * width;
    for (std::size_t d = 0; d < features; ++d) {
      const bool own = d % classes == static_cast<std::size_t>(y);
      const double z = random.normal(n + i * features + d) + (own ? 0.7 : 0.0);
      if (cells == CellType::u8) {
        row[d] = static_cast<std::byte>(std::min(255.0, std::max(0.0, 120 + 40 * z)));
      } else {
        const auto value = static_cast<float>(offset + spread * z);
        std::memcpy(row + 4 * d, &value, 4);
      }
    }
    parts.rows.push_back(row);
    parts.labels.push_back(y);
  }
  for (std::size_t c = 0; c < classes; ++c) parts.class_names.push_back(std::to_string(c));
  parts.storage = {storage};
  parts.storage_bytes = storage->size();
  return Dataset(std::move(parts));
}

/// 0, 1, …, n−1.
inline std::vector<std::size_t> indices(std::size_t n) {
  std::vector<std::size_t> all(n);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

/// n draws of scale·N(0,1).
template <class T>
std::vector<T> random_vector(std::size_t n, double scale, std::uint64_t seed = 3) {
  const Random random(seed, Purpose::initial_weights);
  std::vector<T> v(n);
  for (std::size_t i = 0; i < n; ++i) v[i] = static_cast<T>(scale * random.normal(i));
  return v;
}

/// ‖a − b‖ / max(‖a‖, ‖b‖), and 0 where both are 0.
template <class A, class B>
double relative_distance(const A& a, const B& b) {
  double difference = 0;
  double left = 0;
  double right = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<double>(a[i]);
    const auto y = static_cast<double>(b[i]);
    difference += (x - y) * (x - y);
    left += x * x;
    right += y * y;
  }
  const double size = std::sqrt(std::max(left, right));
  return size == 0 ? 0 : std::sqrt(difference) / size;
}

}  // namespace fallline::test
