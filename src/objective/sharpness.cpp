#include <algorithm>
#include <cmath>
#include <fallline/objective/batch_objective.hpp>
#include <fallline/objective/sharpness.hpp>
#include <fallline/random.hpp>
#include <vector>

namespace fallline {
namespace {

constexpr std::size_t most_sharpness_examples = 1024;
constexpr int products = 8;

double length_of(std::span<const float> v) {
  double sum = 0;
  for (const float x : v) sum += static_cast<double>(x) * x;
  return std::sqrt(sum);
}

}  // namespace

double sharpness(const Dataset& data, const Preprocessing& preprocessing, const Network& network,
                 const Loss& loss, const Penalty& penalty, std::span<const float> w,
                 Workers& workers) {
  BatchObjective objective(data, preprocessing, network, loss, penalty, workers);
  std::vector<std::size_t> examples(std::min(data.size(), most_sharpness_examples));
  for (std::size_t i = 0; i < examples.size(); ++i) examples[i] = i * data.size() / examples.size();
  const Random random(0, Purpose::curvature);
  const std::size_t n = w.size();
  std::vector<float> v(n);
  for (std::size_t i = 0; i < n; ++i) v[i] = static_cast<float>(random.normal(i));
  std::vector<float> at(n);
  std::vector<float> above(n);
  std::vector<float> below(n);
  const double epsilon = std::max(1e-3, length_of(w) * 1e-3);
  double largest = 0;
  for (int k = 0; k < products; ++k) {
    const double length = length_of(v);
    if (!(length > 0) || !std::isfinite(length)) break;
    const auto step = static_cast<float>(epsilon / length);
    for (std::size_t i = 0; i < n; ++i) at[i] = w[i] + step * v[i];
    (void)objective.value_and_gradient(at, examples, above);
    for (std::size_t i = 0; i < n; ++i) at[i] = w[i] - step * v[i];
    (void)objective.value_and_gradient(at, examples, below);
    for (std::size_t i = 0; i < n; ++i) v[i] = above[i] - below[i];
    largest = length_of(v) / (2 * epsilon);
  }
  return largest;
}

}  // namespace fallline
