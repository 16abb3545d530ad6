#include <algorithm>
#include <cmath>
#include <fallline/objective/curvature.hpp>
#include <fallline/random.hpp>
#include <span>
#include <vector>

#include "model/score_pass.hpp"

namespace fallline {
namespace {

/// ‖v‖, summed in double in the order of v.
double norm(std::span<const float> v) {
  double sum = 0;
  for (const float x : v) sum += static_cast<double>(x) * x;
  return std::sqrt(sum);
}

constexpr std::size_t most_examples = ScorePass::most;
constexpr int iterations = 24;

std::vector<std::size_t> evenly_spaced(std::size_t n) {
  std::vector<std::size_t> indices(std::min(n, most_examples));
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i * n / indices.size();
  return indices;
}

/// v ← M v through the rows: one score an example with v as the weights, and its outer product.
class Multiplier {
 public:
  Multiplier(const Dataset& data, const Preprocessing& preprocessing, Workers& workers)
      : preprocessing_(preprocessing),
        examples_(evenly_spaced(data.size())),
        pass_(data, preprocessing, 1, workers),
        panel_(pass_.panel_size()),
        sums_(data.features()) {}

  void apply(std::vector<float>& v) {
    pass_.set_weights(v);
    const std::size_t features = pass_.data().features();
    const std::size_t n = examples_.size();
    const std::size_t most = pass_.most_staged();
    double bias = 0;
    for (std::size_t first = 0; first < n; first += most)
      bias += add(first, std::min(most, n - first));
    const auto count = static_cast<float>(n);
    for (std::size_t d = 0; d < features; ++d) v[d] = sums_[d] / count;
    v[features] = static_cast<float>(bias) / count;
  }

  [[nodiscard]] double trace() const {
    double sum = 0;
    std::vector<float> x(pass_.data().features());
    for (const std::size_t i : examples_) {
      pass_.data().copy_row(i, x);
      for (std::size_t d = 0; d < x.size(); ++d) {
        const double z =
            static_cast<double>((x[d] - preprocessing_.mean[d]) * preprocessing_.scale[d]);
        sum += z * z;
      }
    }
    return 1 + sum / static_cast<double>(examples_.size());
  }

 private:
  /// Adds the outer products of some examples, and returns the sum of their scores.
  double add(std::size_t first, std::size_t count) {
    pass_.run_staged(std::span(examples_).subspan(first, count), {},
                     [](std::size_t, std::size_t) {});
    pass_.set_slopes();
    const bool last = first + count == examples_.size();
    pass_.for_columns([&](kernels::ColumnBlocks c, std::size_t /*thread*/) {
      float* gradient = last ? sums_.data() + c.begin * kernels::block : nullptr;
      pass_.add_outer(c, {.panel = panel_.data(), .fresh = first == 0, .gradient = gradient});
    });
    double scores = 0;
    for (std::size_t i = 0; i < count; ++i) scores += static_cast<double>(pass_.score(i, 0));
    return scores;
  }

  const Preprocessing& preprocessing_;
  std::vector<std::size_t> examples_;
  ScorePass pass_;
  AlignedVector<float> panel_;
  std::vector<float> sums_;  // D
};

}  // namespace

FeatureMoment feature_moment(const Dataset& data, const Preprocessing& preprocessing,
                             Workers& workers) {
  Multiplier multiplier(data, preprocessing, workers);
  const Random random(0, Purpose::curvature);
  std::vector<float> v(data.features() + 1);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<float>(random.normal(i));
  double largest = 0;
  for (int k = 0; k < iterations; ++k) {
    const double length = norm(v);
    if (!(length > 0)) break;
    for (float& x : v) x = static_cast<float>(x / length);
    multiplier.apply(v);
    largest = norm(v);
  }
  return {.largest = largest, .trace = multiplier.trace()};
}

}  // namespace fallline
