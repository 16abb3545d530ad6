#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/path_plane.hpp>
#include <fallline/optim/dot.hpp>
#include <fallline/random.hpp>

#include "names.hpp"

namespace fallline::landscape {
namespace {

constexpr Names<PlaneKind, 2> plane_kinds{
    "plane", {{{PlaneKind::principal, "principal"}, {PlaneKind::start_end, "start-end"}}}};

/// The least share of the points' variance that a direction is taken from: below are roundings.
constexpr double least_share = 1e-12;

/// All dot products of the rows, in double.
Eigen::MatrixXd dots_of(const std::vector<std::vector<float>>& rows, Workers& workers) {
  const std::size_t n = rows.size();
  Eigen::MatrixXd dots(n, n);
  workers.for_each(n, [&](std::size_t i) {
    optim::Dot<float> dot(rows[i].size());
    for (std::size_t j = 0; j <= i; ++j)
      dots(Eigen::Index(i), Eigen::Index(j)) = dots(Eigen::Index(j), Eigen::Index(i)) =
          dot(rows[i], rows[j]);
  });
  return dots;
}

/// The same of the rows less their mean.
Eigen::MatrixXd centred(const Eigen::MatrixXd& dots) {
  const Eigen::VectorXd means = dots.rowwise().mean();
  return ((dots.colwise() - means).rowwise() - means.transpose()).array() + means.mean();
}

/// Σ_i c_i row_i, in double and each sum in the order of the rows.
std::vector<double> combination(const std::vector<std::vector<float>>& rows,
                                const Eigen::VectorXd& c, Workers& workers) {
  std::vector<double> sum(rows.front().size());
  constexpr std::size_t piece = 4096;
  workers.for_each((sum.size() + piece - 1) / piece, [&](std::size_t p) {
    const std::size_t end = std::min(sum.size(), (p + 1) * piece);
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t k = p * piece; k < end; ++k)
        sum[k] += c[Eigen::Index(i)] * static_cast<double>(rows[i][k]);
  });
  return sum;
}

using Basis = std::vector<std::vector<double>>;

double product(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Takes out of v what it has of the basis, and gives it the length 1.
void add_to(Basis& basis, std::vector<double> v) {
  for (int round = 0; round < 2; ++round)
    for (const std::vector<double>& u : basis) {
      const double along = product(u, v);
      for (std::size_t i = 0; i < v.size(); ++i) v[i] -= along * u[i];
    }
  const double length = std::sqrt(product(v, v));
  for (double& x : v) x /= length;
  basis.push_back(std::move(v));
}

void add_random_to(Basis& basis, std::size_t size) {
  const Random random(1, Purpose::landscape_direction, static_cast<std::uint32_t>(basis.size()));
  std::vector<double> v(size);
  for (std::size_t i = 0; i < size; ++i) v[i] = random.normal(i);
  add_to(basis, std::move(v));
}

/// Adds the directions in which rows of those dot products vary most, until there are two.
void add_principal(Basis& basis, const Eigen::MatrixXd& dots, const Displacements& points,
                   double variance, Workers& workers) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved(dots);
  for (Eigen::Index k = dots.rows(); k-- > 0 && basis.size() < 2;) {
    if (!(solved.eigenvalues()[k] > least_share * variance)) break;
    add_to(basis, combination(points.rows, solved.eigenvectors().col(k), workers));
  }
  while (basis.size() < 2) add_random_to(basis, points.start.size());
}

/// An eigenvector has no sign of its own: the path goes to the right and upwards.
void orient(Basis& basis, const Displacements& points, std::size_t end) {
  for (std::vector<double>& u : basis) {
    double along = 0;
    for (std::size_t i = 0; i < u.size(); ++i)
      along += u[i] *
               (static_cast<double>(points.rows[end][i]) - static_cast<double>(points.rows[0][i]));
    if (along >= 0) continue;
    for (double& x : u) x = -x;
  }
}

std::vector<float> rounded(const std::vector<double>& v) { return {v.begin(), v.end()}; }

std::vector<float> moved(const std::vector<float>& start, const std::vector<double>& by) {
  std::vector<float> w(start.size());
  for (std::size_t i = 0; i < w.size(); ++i)
    w[i] = static_cast<float>(static_cast<double>(start[i]) + by[i]);
  return w;
}

/// Σ of squares about the mean.
double variance_of(std::span<const double> values) {
  double sum = 0;
  double squares = 0;
  for (const double x : values) sum += x;
  const double mean = sum / static_cast<double>(values.size());
  for (const double x : values) squares += (x - mean) * (x - mean);
  return squares;
}

void explain(PathPlane& plane, const Displacements& points, double variance, Workers& workers) {
  std::array<std::vector<double>, 2> at{std::vector<double>(points.rows.size()),
                                        std::vector<double>(points.rows.size())};
  workers.for_each(points.rows.size(), [&](std::size_t i) {
    const Projection p = project(plane, points.start, points.rows[i]);
    at[0][i] = p.place.a;
    at[1][i] = p.place.b;
  });
  for (std::size_t k = 0; k < 2; ++k)
    plane.explained[k] = variance > 0 ? std::min(1.0, variance_of(at[k]) / variance) : 0;
}

void require_points(const Displacements& points) {
  if (points.rows.empty()) throw usage_error("there are no points to lay a plane through");
  for (const std::vector<float>& row : points.rows)
    if (!std::ranges::all_of(row, [](float x) { return std::isfinite(x); }))
      throw usage_error("a point is not finite", "leave it out");
}

}  // namespace

std::string_view name_of(PlaneKind kind) { return plane_kinds.name_of(kind); }
PlaneKind plane_kind(std::string_view name) { return plane_kinds.value_of(name); }

PathPlane plane_through(const Displacements& points, PlaneKind kind, std::size_t end,
                        Workers& workers) {
  require_points(points);
  const auto n = static_cast<Eigen::Index>(points.rows.size());
  Eigen::MatrixXd dots = dots_of(points.rows, workers);
  const Eigen::MatrixXd about_mean = centred(dots);
  const double variance = about_mean.trace();
  PathPlane plane;
  Basis basis;
  if (kind == PlaneKind::principal) {
    const Eigen::VectorXd equal = Eigen::VectorXd::Constant(n, 1.0 / static_cast<double>(n));
    plane.origin = moved(points.start, combination(points.rows, equal, workers));
    add_principal(basis, about_mean, points, variance, workers);
  } else {
    plane.origin = points.start;
    const auto last = static_cast<Eigen::Index>(end);
    if (const double square = dots(last, last); square > 0) {
      add_to(basis, combination(points.rows, Eigen::VectorXd::Unit(n, last), workers));
      const Eigen::VectorXd along = dots.col(last) / std::sqrt(square);
      dots -= along * along.transpose();
    }
    add_principal(basis, dots, points, variance, workers);
  }
  orient(basis, points, end);
  plane.first = rounded(basis[0]);
  plane.second = rounded(basis[1]);
  explain(plane, points, variance, workers);
  return plane;
}

Projection project(const PathPlane& plane, std::span<const float> start,
                   std::span<const float> displacement) {
  const auto from_origin = [&](std::size_t i) {
    return static_cast<double>(start[i]) - static_cast<double>(plane.origin[i]) +
           static_cast<double>(displacement[i]);
  };
  Projection p;
  for (std::size_t i = 0; i < start.size(); ++i) {
    p.place.a += from_origin(i) * static_cast<double>(plane.first[i]);
    p.place.b += from_origin(i) * static_cast<double>(plane.second[i]);
  }
  double squares = 0;
  for (std::size_t i = 0; i < start.size(); ++i) {
    const double beside = from_origin(i) - p.place.a * static_cast<double>(plane.first[i]) -
                          p.place.b * static_cast<double>(plane.second[i]);
    squares += beside * beside;
  }
  p.residual = std::sqrt(squares);
  return p;
}

}  // namespace fallline::landscape
