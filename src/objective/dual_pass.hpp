#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/workers.hpp>
#include <span>
#include <vector>

namespace fallline {

/// An objective with an L2 penalty, its gradient, and the bound that its slopes give
/// (certificate.hpp), in double.
class DualPass {
 public:
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  DualPass(const Dataset& data, const Preprocessing& preprocessing, const Loss& loss, double l2,
           Workers& workers);

  struct Values {
    double objective = 0;
    double rounded = 0;  ///< the same with the hinge rounded
    double bound = 0;    ///< D
  };

  /// At w; the gradient of the rounded objective goes to g.
  /// @param mu  of the rounded hinge; 0: the loss as it is
  [[nodiscard]] Values operator()(std::span<const double> w, double mu, std::span<double> g);

  [[nodiscard]] std::size_t parameters() const { return data_.classes() * (data_.features() + 1); }

 private:
  /// Sums over some of the examples.
  struct Sums {
    Matrix outer;            // C × D: Σ a_i z_iᵀ
    Eigen::VectorXd slopes;  // C: Σ a_i
    double loss = 0;
    double rounded = 0;
    double conjugate = 0;  // Σ ℓ*(a_i)
  };

  void add_block(std::size_t first, std::size_t end, const Matrix& weights,
                 const Eigen::VectorXd& bias, double mu, Sums& sums) const;
  void set_rows(std::size_t first, std::size_t end, Matrix& z) const;
  [[nodiscard]] double bound(const Sums& mean) const;
  void find_class_means();

  const Dataset& data_;
  const Preprocessing& preprocessing_;
  Loss loss_;
  double l2_;
  Workers& workers_;
  std::vector<double> shares_;  // of the classes among the examples
  Matrix class_means_;          // C × D: the mean z of each class
  std::vector<Sums> pieces_;
};

/// The loss of one example, its slopes a = ∂ℓ/∂f, and ℓ*(a).
struct DualTerm {
  double loss = 0;
  double rounded = 0;
  double conjugate = 0;
};
[[nodiscard]] DualTerm dual_term(const Loss& loss, std::span<const double> f, std::size_t y,
                                 double mu, std::span<double> a);

/// ℓ*(a) by itself.
[[nodiscard]] double conjugate(const Loss& loss, std::span<const double> a, std::size_t y);

}  // namespace fallline
