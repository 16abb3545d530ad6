#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <span>
#include <vector>

namespace fallline {

/// A linear score function, f = W x + b.
///
/// W is C×D, b has C entries. The P = C·D + C parameters lie in one buffer, W row by row and then
/// b: what an optimizer, a checkpoint or a hash wants to see. The bias is the weight of a feature
/// that is always 1 (the "bias trick").
template <class T>
class Linear {
 public:
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

  Linear() = default;
  Linear(std::size_t classes, std::size_t features)
      : classes_(classes), features_(features), parameters_(classes * (features + 1)) {}

  [[nodiscard]] std::size_t classes() const { return classes_; }
  [[nodiscard]] std::size_t features() const { return features_; }

  /// All P parameters: W row by row, then b.
  [[nodiscard]] std::span<T> parameters() { return parameters_; }
  [[nodiscard]] std::span<const T> parameters() const { return parameters_; }

  /// The C·D weights, without the bias.
  [[nodiscard]] std::span<const T> weight_span() const {
    return parameters().first(classes_ * features_);
  }
  [[nodiscard]] std::span<const T> bias_span() const { return parameters().last(classes_); }

  /// W as a C×D matrix and b as a vector, without copying.
  [[nodiscard]] Eigen::Map<Matrix> weights() { return {parameters_.data(), rows(), columns()}; }
  [[nodiscard]] Eigen::Map<const Matrix> weights() const {
    return {parameters_.data(), rows(), columns()};
  }
  [[nodiscard]] Eigen::Map<Vector> bias() {
    return {parameters_.data() + rows() * columns(), rows()};
  }
  [[nodiscard]] Eigen::Map<const Vector> bias() const {
    return {parameters_.data() + rows() * columns(), rows()};
  }

 private:
  [[nodiscard]] Eigen::Index rows() const { return static_cast<Eigen::Index>(classes_); }
  [[nodiscard]] Eigen::Index columns() const { return static_cast<Eigen::Index>(features_); }

  std::size_t classes_ = 0;
  std::size_t features_ = 0;
  std::vector<T> parameters_;
};

}  // namespace fallline
