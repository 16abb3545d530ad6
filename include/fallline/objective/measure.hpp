#pragma once

#include <cstddef>

namespace fallline {

/// What an objective finds on a batch of examples.
struct Measure {
  double loss = 0;           ///< (1/n) Σ L_i
  double penalty = 0;        ///< λ R(W)
  double gradient_norm = 0;  ///< ‖∂L/∂(W, b)‖, 0 where no gradient was asked for
  std::size_t correct = 0;   ///< examples whose own class has the highest score
  std::size_t examples = 0;  ///< n

  /// L(W) = (1/n) Σ L_i + λ R(W), what descent descends.
  [[nodiscard]] double objective() const { return loss + penalty; }
  [[nodiscard]] double accuracy() const {
    return examples == 0 ? 0 : static_cast<double>(correct) / static_cast<double>(examples);
  }
};

}  // namespace fallline
