#pragma once

#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/workers.hpp>
#include <span>
#include <vector>

namespace fallline {

/// One number for each of some features and each class.
struct Table {
  Table(std::size_t f, std::size_t classes) : features(f), numbers(f * classes) {}
  [[nodiscard]] double& operator()(std::size_t f, std::size_t j) {
    return numbers[j * features + f];
  }
  std::size_t features;
  std::vector<double> numbers;
};

/// A linear classifier's objective in double at one point: the scores of all examples, and what
/// follows from them. To make one is to evaluate the objective once.
class LinearProblem {
 public:
  LinearProblem(const Dataset& data, const Preprocessing& preprocessing, const Loss& loss,
                const Penalty& penalty, std::span<const float> w, Workers& workers);

  [[nodiscard]] std::size_t classes() const { return data_.classes(); }
  [[nodiscard]] std::size_t features() const { return data_.features(); }
  /// Of a parameter. Feature D is the bias: z is 1, and there is no penalty on it.
  [[nodiscard]] std::size_t index(std::size_t f, std::size_t j) const {
    return f == features() ? classes() * features() + j : j * features() + f;
  }
  [[nodiscard]] double mean_loss() const;
  /// max |z|, at least 1.
  [[nodiscard]] double largest_feature() const;

  /// The gradient in some features, by calculus.
  [[nodiscard]] Table gradient(std::span<const std::size_t> some) const;

  /// The same by central differences with step h; counts the examples that have a kink there.
  [[nodiscard]] Table differences(std::span<const std::size_t> some, double h, Table& kinks) const;

  /// Whether the penalty has a kink between w − h and w + h.
  [[nodiscard]] bool penalty_kink(std::size_t f, std::size_t j, double h) const;

 private:
  [[nodiscard]] std::size_t pieces() const;
  [[nodiscard]] double feature(std::size_t i, std::size_t d) const;
  [[nodiscard]] std::span<const double> scores(std::size_t i) const {
    return std::span(scores_).subspan(i * classes(), classes());
  }
  [[nodiscard]] std::size_t label(std::size_t i) const {
    return static_cast<std::size_t>(data_.labels()[i]);
  }
  void score_piece(std::size_t p);

  /// Sums over the examples become slopes, with those of the penalty.
  template <class Slope>
  void finish(Table& sums, std::span<const std::size_t> some, double width, Slope slope) const;

  const Dataset& data_;
  const Preprocessing& preprocessing_;
  Loss loss_;
  Penalty penalty_;
  std::vector<double> w_;
  Workers& workers_;
  std::vector<double> scores_;   // N × C
  std::vector<double> losses_;   // sums of pieces
  std::vector<double> largest_;  // |z| of pieces, at least 1
};

}  // namespace fallline
