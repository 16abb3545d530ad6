#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace fallline {

/// What a step found of a dense layer.
struct LayerMeasure {
  std::string_view name;
  double gradient_norm = 0;           ///< ‖∂L/∂(W, b)‖ of the layer
  std::optional<double> update_norm;  ///< ‖Δ(W, b)‖, where the update is made part by part
  /// The share of its units whose ReLU was 0 for every example of the batch; none where no ReLU
  /// reads the layer.
  std::optional<double> dead;
};

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
