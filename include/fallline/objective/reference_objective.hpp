#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/model/linear.hpp>
#include <fallline/objective/measure.hpp>
#include <numeric>
#include <span>
#include <vector>

namespace fallline {

/// The objective of `BatchObjective` written out plainly in double: the reference that every
/// faster path is compared with, and what gradient checks differentiate.
class ReferenceObjective {
 public:
  ReferenceObjective(Dataset data, Preprocessing preprocessing, Loss loss, Penalty penalty)
      : data_(std::move(data)),
        preprocessing_(std::move(preprocessing)),
        loss_(loss),
        penalty_(penalty) {}

  [[nodiscard]] std::size_t size() const { return data_.size(); }
  [[nodiscard]] std::size_t parameters() const { return data_.classes() * (data_.features() + 1); }

  /// f = W z + b of one example.
  [[nodiscard]] std::vector<double> scores(std::span<const double> w, std::size_t example) const {
    const std::vector<double> z = features(example);
    std::vector<double> f(data_.classes());
    for (std::size_t c = 0; c < f.size(); ++c) {
      f[c] = w[data_.classes() * z.size() + c];
      for (std::size_t d = 0; d < z.size(); ++d) f[c] += w[c * z.size() + d] * z[d];
    }
    return f;
  }

  [[nodiscard]] Measure value_and_gradient(std::span<const double> w,
                                           std::span<const std::size_t> batch,
                                           std::span<double> g) const {
    const std::size_t features_count = data_.features();
    const std::size_t weights = data_.classes() * features_count;
    const double n = static_cast<double>(batch.size());
    Measure measure{.penalty = penalty_.value(w.first(weights)), .examples = batch.size()};
    std::fill(g.begin(), g.end(), 0.0);
    std::vector<double> gradient(g.empty() ? 0 : data_.classes());
    for (const std::size_t i : batch) {
      const std::vector<double> f = scores(w, i);
      const auto y = static_cast<std::size_t>(data_.labels()[i]);
      measure.loss += loss_(std::span<const double>(f), y, std::span<double>(gradient)) / n;
      measure.correct += std::size_t(std::max_element(f.begin(), f.end()) - f.begin()) == y;
      if (g.empty()) continue;
      const std::vector<double> z = features(i);
      for (std::size_t c = 0; c < gradient.size(); ++c) {
        for (std::size_t d = 0; d < z.size(); ++d) g[c * z.size() + d] += gradient[c] * z[d] / n;
        g[weights + c] += gradient[c] / n;
      }
    }
    if (!g.empty()) penalty_.add_gradient(w.first(weights), g.first(weights));
    measure.gradient_norm = std::sqrt(std::inner_product(g.begin(), g.end(), g.begin(), 0.0));
    return measure;
  }

  [[nodiscard]] Measure value(std::span<const double> w, std::span<const std::size_t> batch) const {
    return value_and_gradient(w, batch, {});
  }

 private:
  /// z = (x − mean)·scale of one example.
  [[nodiscard]] std::vector<double> features(std::size_t example) const {
    std::vector<double> z(data_.features());
    for (std::size_t d = 0; d < z.size(); ++d)
      z[d] = (static_cast<double>(data_.cell(example, d)) - preprocessing_.mean[d]) *
             preprocessing_.scale[d];
    return z;
  }

  Dataset data_;
  Preprocessing preprocessing_;
  Loss loss_;
  Penalty penalty_;
};

}  // namespace fallline
