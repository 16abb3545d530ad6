#include "gradient/linear_problem.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "gradient/along_score.hpp"

namespace fallline {
namespace {

/// Examples that are scored together.
constexpr std::size_t piece = 64;

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace

LinearProblem::LinearProblem(const Dataset& data, const Preprocessing& preprocessing,
                             const Loss& loss, const Penalty& penalty, std::span<const float> w,
                             Workers& workers)
    : data_(data),
      preprocessing_(preprocessing),
      loss_(loss),
      penalty_(penalty),
      w_(w.begin(), w.end()),
      workers_(workers),
      scores_(data.size() * data.classes()),
      losses_(pieces()),
      largest_(pieces()) {
  workers_.for_each(pieces(), [this](std::size_t p) { score_piece(p); });
}

std::size_t LinearProblem::pieces() const { return (data_.size() + piece - 1) / piece; }

double LinearProblem::mean_loss() const {
  return std::accumulate(losses_.begin(), losses_.end(), 0.0) / static_cast<double>(data_.size());
}

double LinearProblem::largest_feature() const { return std::ranges::max(largest_); }

double LinearProblem::feature(std::size_t i, std::size_t d) const {
  if (d == features()) return 1;
  return (static_cast<double>(data_.cell(i, d)) - static_cast<double>(preprocessing_.mean[d])) *
         static_cast<double>(preprocessing_.scale[d]);
}

void LinearProblem::score_piece(std::size_t p) {
  Eigen::VectorXd z(features());
  const auto rows = static_cast<Eigen::Index>(classes());
  const Eigen::Map<const Matrix> weights(w_.data(), rows, z.size());
  const Eigen::Map<const Eigen::VectorXd> bias(w_.data() + rows * z.size(), rows);
  double largest = 1;
  double sum = 0;
  for (std::size_t i = p * piece; i < std::min(data_.size(), (p + 1) * piece); ++i) {
    for (std::size_t d = 0; d < features(); ++d) z[static_cast<Eigen::Index>(d)] = feature(i, d);
    largest = std::max(largest, z.lpNorm<Eigen::Infinity>());
    Eigen::Map<Eigen::VectorXd>(scores_.data() + i * classes(), rows) = weights * z + bias;
    sum += loss_(scores(i), label(i));
  }
  losses_[p] = sum;
  largest_[p] = largest;
}

template <class Slope>
void LinearProblem::finish(Table& sums, std::span<const std::size_t> some, double width,
                           Slope slope) const {
  const double n = static_cast<double>(data_.size());
  for (std::size_t f = 0; f < some.size(); ++f)
    for (std::size_t j = 0; j < classes(); ++j) {
      sums(f, j) /= n * width;
      if (some[f] != features()) sums(f, j) += slope(w_[index(some[f], j)]);
    }
}

Table LinearProblem::gradient(std::span<const std::size_t> some) const {
  Table sums(some.size(), classes());
  std::vector<double> g(classes());
  for (std::size_t i = 0; i < data_.size(); ++i) {
    (void)loss_(scores(i), label(i), std::span<double>(g));
    for (std::size_t f = 0; f < some.size(); ++f) {
      const double z = feature(i, some[f]);
      for (std::size_t j = 0; j < g.size(); ++j) sums(f, j) += g[j] * z;
    }
  }
  finish(sums, some, 1, [&](double w) {
    const int sign = (w > 0 ? 1 : 0) - (w < 0 ? 1 : 0);
    return penalty_.l2 * w + penalty_.l1 * sign;
  });
  return sums;
}

Table LinearProblem::differences(std::span<const std::size_t> some, double h, Table& kinks) const {
  Table sums(some.size(), classes());
  AlongScore along(loss_, classes());
  for (std::size_t i = 0; i < data_.size(); ++i) {
    along.set(scores(i), label(i));
    for (std::size_t f = 0; f < some.size(); ++f) {
      const double t = h * feature(i, some[f]);
      const double up = std::exp(t);
      const double down = std::exp(-t);
      for (std::size_t j = 0; j < classes(); ++j) {
        sums(f, j) += along.difference(j, t, up, down);
        kinks(f, j) += along.kink(j, t) ? 1 : 0;
      }
    }
  }
  finish(sums, some, 2 * h, [&](double w) {
    const double squares = (w + h) * (w + h) - (w - h) * (w - h);
    const double sizes = std::abs(w + h) - std::abs(w - h);
    return (0.5 * penalty_.l2 * squares + penalty_.l1 * sizes) / (2 * h);
  });
  return sums;
}

bool LinearProblem::penalty_kink(std::size_t f, std::size_t j, double h) const {
  return penalty_.l1 != 0 && f != features() && std::abs(w_[index(f, j)]) <= h;
}

}  // namespace fallline
