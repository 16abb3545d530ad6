#include "objective/dual_pass.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <numeric>

#include "files/mappings.hpp"

namespace fallline {
namespace {

/// Pieces that the data are cut into, whatever the threads, and examples that go together in one.
constexpr std::size_t pieces = 16;
constexpr std::size_t block = 64;

Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }

}  // namespace

DualTerm dual_term(const Loss& loss, std::span<const double> f, std::size_t y, double mu,
                   std::span<double> a) {
  DualTerm term{.loss = loss(f, y, a)};
  term.rounded = term.loss;
  if (loss.kind == LossKind::hinge && mu > 0) {
    term.rounded = 0;
    double sum = 0;
    for (std::size_t j = 0; j < f.size(); ++j) {
      const double margin = f[j] - f[y] + loss.delta;
      a[j] = j == y ? 0 : std::clamp(margin / mu, 0.0, 1.0);
      sum += a[j];
      if (j != y) term.rounded += a[j] * (margin - mu * a[j] / 2);
    }
    a[y] = -sum;
  }
  term.conjugate = conjugate(loss, a, y);
  return term;
}

double conjugate(const Loss& loss, std::span<const double> a, std::size_t y) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) {
    if (loss.kind == LossKind::softmax) {
      const double p = std::max(0.0, j == y ? a[j] + 1 : a[j]);
      sum += p > 0 ? p * std::log(p) : 0.0;
    } else if (j != y) {
      sum -= loss.delta * a[j];
      if (loss.kind == LossKind::squared_hinge) sum += a[j] * a[j] / 4;
    }
  }
  return sum;
}

DualPass::DualPass(const Dataset& data, const Preprocessing& preprocessing, const Loss& loss,
                   double l2, Workers& workers)
    : data_(data),
      preprocessing_(preprocessing),
      loss_(loss),
      l2_(l2),
      workers_(workers),
      shares_(data.classes()),
      pieces_(pieces) {
  for (const std::int32_t y : data.labels())
    shares_[static_cast<std::size_t>(y)] += 1 / static_cast<double>(data.size());
  for (std::size_t c = 0; c < shares_.size(); ++c)
    if (shares_[c] == 0)
      throw usage_error(fmt::format("class {} has no example, so there is no best bias for it",
                                    data.class_names()[c]),
                        "leave the certificate out, or take data that have all classes");
  find_class_means();
}

void DualPass::set_rows(std::size_t first, std::size_t end, Matrix& z) const {
  z.resize(index(end - first), index(data_.features()));
  std::vector<float> row(data_.features());
  for (std::size_t i = first; i < end; ++i) {
    data_.copy_row(i, row);
    for (std::size_t d = 0; d < row.size(); ++d)
      z(index(i - first), index(d)) =
          (static_cast<double>(row[d]) - static_cast<double>(preprocessing_.mean[d])) *
          static_cast<double>(preprocessing_.scale[d]);
  }
}

void DualPass::find_class_means() {
  const std::size_t n = data_.size();
  std::vector<Matrix> sums(pieces, Matrix::Zero(index(data_.classes()), index(data_.features())));
  workers_.for_each(pieces, [&](std::size_t p) {
    Matrix z;
    for (std::size_t i = p * n / pieces; i < (p + 1) * n / pieces; i += block) {
      const std::size_t end = std::min(i + block, (p + 1) * n / pieces);
      set_rows(i, end, z);
      for (std::size_t k = i; k < end; ++k) sums[p].row(data_.labels()[k]) += z.row(index(k - i));
    }
  });
  class_means_ = sums[0];
  for (std::size_t p = 1; p < pieces; ++p) class_means_ += sums[p];
  for (std::size_t c = 0; c < shares_.size(); ++c)
    class_means_.row(index(c)) /= shares_[c] * static_cast<double>(n);
}

void DualPass::add_block(std::size_t first, std::size_t end, const Matrix& weights,
                         const Eigen::VectorXd& bias, double mu, Sums& sums) const {
  Matrix z;
  set_rows(first, end, z);
  Matrix f = (z * weights.transpose()).rowwise() + bias.transpose();
  Matrix a(f.rows(), f.cols());
  const std::size_t classes = data_.classes();
  for (std::size_t i = first; i < end; ++i) {
    const auto row = index(i - first);
    const DualTerm term =
        dual_term(loss_, {f.row(row).data(), classes}, static_cast<std::size_t>(data_.labels()[i]),
                  mu, {a.row(row).data(), classes});
    sums.loss += term.loss;
    sums.rounded += term.rounded;
    sums.conjugate += term.conjugate;
  }
  sums.outer.noalias() += a.transpose() * z;
  sums.slopes += a.colwise().sum().transpose();
}

DualPass::Values DualPass::operator()(std::span<const double> w, double mu, std::span<double> g) {
  const Eigen::Index rows = index(data_.classes());
  const Eigen::Index columns = index(data_.features());
  const Matrix weights = Eigen::Map<const Matrix>(w.data(), rows, columns);
  const Eigen::VectorXd bias = Eigen::Map<const Eigen::VectorXd>(w.data() + rows * columns, rows);
  const std::size_t n = data_.size();
  workers_.for_each(pieces, [&](std::size_t p) {
    pieces_[p] = {.outer = Matrix::Zero(rows, columns), .slopes = Eigen::VectorXd::Zero(rows)};
    const std::size_t last = (p + 1) * n / pieces;
    for (std::size_t i = p * n / pieces; i < last; i += block)
      add_block(i, std::min(i + block, last), weights, bias, mu, pieces_[p]);
  });
  require_mappings();
  Sums& mean = pieces_[0];
  for (std::size_t p = 1; p < pieces; ++p) {
    mean.outer += pieces_[p].outer;
    mean.slopes += pieces_[p].slopes;
    mean.loss += pieces_[p].loss;
    mean.rounded += pieces_[p].rounded;
    mean.conjugate += pieces_[p].conjugate;
  }
  const double share = 1 / static_cast<double>(n);
  mean.outer *= share;
  mean.slopes *= share;
  Eigen::Map<Matrix>(g.data(), rows, columns) = mean.outer + l2_ * weights;
  Eigen::Map<Eigen::VectorXd>(g.data() + rows * columns, rows) = mean.slopes;
  const double penalty = l2_ / 2 * weights.squaredNorm();
  mean.conjugate *= share;
  return {.objective = mean.loss * share + penalty,
          .rounded = mean.rounded * share + penalty,
          .bound = bound(mean)};
}

/// With r = mean a: classes with r_y > 0 give a share of their examples' slope, to those with
/// r_j < 0 in proportion. q^{(y)}_j = (r_y / M π_y)(−r_j / R), M = max r_y/π_y and R = Σ r⁺, has
/// Σ_y π_y q^{(y)} = −r/M, and (1 − t) r − t r/M = 0 for t = M/(1 + M).
double DualPass::bound(const Sums& mean) const {
  const Eigen::VectorXd& r = mean.slopes;
  const std::size_t classes = shares_.size();
  double most = 0;
  double sum = 0;
  for (std::size_t y = 0; y < classes; ++y) {
    most = std::max(most, r[index(y)] / shares_[y]);
    sum += std::max(0.0, r[index(y)]);
  }
  if (most == 0) return -mean.conjugate - mean.outer.squaredNorm() / (2 * l2_);
  const double t = most / (1 + most);
  Matrix outer = (1 - t) * mean.outer;
  double value = (1 - t) * mean.conjugate;
  std::vector<double> q(classes);
  for (std::size_t y = 0; y < classes; ++y) {
    const double given = std::max(0.0, r[index(y)]) / (most * shares_[y]);
    for (std::size_t j = 0; j < classes; ++j)
      q[j] = j == y ? 0 : given * std::max(0.0, -r[index(j)]) / sum;
    q[y] = -std::accumulate(q.begin(), q.end(), 0.0);
    value += t * shares_[y] * conjugate(loss_, q, y);
    outer += t * shares_[y] * Eigen::Map<const Eigen::VectorXd>(q.data(), r.size()) *
             class_means_.row(index(y));
  }
  return -value - outer.squaredNorm() / (2 * l2_);
}

}  // namespace fallline
