#pragma once

#include <cmath>
#include <cstddef>
#include <fallline/loss/loss.hpp>
#include <span>
#include <vector>

namespace fallline {

/// The loss of one example when a single score moves: what does not move is worked out once.
///
///     softmax   L(t) = log(Σ_{k≠j} e^{f_k} + e^{f_j + t}) − f_y − [j = y] t
///     hinges    L(t) = Σ_{k≠y} h(m_k + ([k = j] − [j = y]) t),    h(m) = max(0, m) or its square
class AlongScore {
 public:
  AlongScore(const Loss& loss, std::size_t classes)
      : loss_(loss), own_(classes), others_(classes) {}

  /// Takes the scores f of an example of class y.
  void set(std::span<const double> f, std::size_t y) {
    y_ = y;
    if (loss_.kind == LossKind::softmax)
      set_exponentials(f);
    else
      for (std::size_t k = 0; k < f.size(); ++k) own_[k] = f[k] - f[y] + loss_.delta;
  }

  /// L(t) − L(−t) where score j moves by t; `up` = e^t and `down` = e^{−t}.
  [[nodiscard]] double difference(std::size_t j, double t, double up, double down) const {
    switch (loss_.kind) {
      case LossKind::hinge:
        return hinges(j, t, [](double m) { return m > 0 ? m : 0.0; });
      case LossKind::squared_hinge:
        return hinges(j, t, [](double m) { return m > 0 ? m * m : 0.0; });
      case LossKind::softmax:
        break;
    }
    const double ratio = (others_[j] + own_[j] * up) / (others_[j] + own_[j] * down);
    return std::log(ratio) - (j == y_ ? 2 * t : 0.0);
  }

  /// Whether a margin changes sign between −t and t.
  [[nodiscard]] bool kink(std::size_t j, double t) const {
    if (loss_.kind == LossKind::softmax) return false;
    const double size = std::abs(t);
    if (j != y_) return std::abs(own_[j]) <= size;
    for (std::size_t k = 0; k < own_.size(); ++k)
      if (k != y_ && std::abs(own_[k]) <= size) return true;
    return false;
  }

 private:
  void set_exponentials(std::span<const double> f) {
    double top = f[0];
    for (const double score : f) top = score > top ? score : top;
    for (std::size_t k = 0; k < f.size(); ++k) own_[k] = std::exp(f[k] - top);
    // Added up one by one: a difference from the sum would cancel where one score is far ahead.
    for (std::size_t j = 0; j < f.size(); ++j) {
      others_[j] = 0;
      for (std::size_t k = 0; k < f.size(); ++k) others_[j] += k == j ? 0.0 : own_[k];
    }
  }

  template <class H>
  [[nodiscard]] double hinges(std::size_t j, double t, H h) const {
    if (j != y_) return h(own_[j] + t) - h(own_[j] - t);
    double sum = 0;
    for (std::size_t k = 0; k < own_.size(); ++k)
      if (k != y_) sum += h(own_[k] - t) - h(own_[k] + t);
    return sum;
  }

  Loss loss_;
  std::size_t y_ = 0;
  std::vector<double> own_;     // e^{f_k − top}, or the margins
  std::vector<double> others_;  // Σ_{k≠j} of them
};

}  // namespace fallline
