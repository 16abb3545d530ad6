#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

/// Settings of the optimizers that can be chosen by name; each reads the ones it knows.
struct OptimizerOptions {
  std::string name = "sgd";      ///< see `optimizers()`
  double momentum = 0.9;         ///< μ or β of the momentum optimizers, 0 ≤ μ < 1
  bool bias_correction = false;  ///< ewma-momentum: divide by 1−β^t

  bool operator==(const OptimizerOptions&) const = default;
};

/// An optimizer chosen at run time, over P float parameters.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// Step t (from 1) at learning rate `rate`; `next` may be `old`. See `Chain::step`.
  virtual void step(std::uint64_t t, double rate, std::span<const float> old,
                    std::span<const float> gradient, std::span<float> next) = 0;

  /// What a constant gradient is multiplied by in the long run: 1, or 1/(1−μ) for a heavy ball.
  [[nodiscard]] virtual double gain() const = 0;
};

/// @throws Error(usage) for an unknown name or a setting out of its bounds.
[[nodiscard]] std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options,
                                                        std::size_t parameters);

struct OptimizerInfo {
  std::string_view name;
  std::string_view formula;  ///< the update in one line
};
[[nodiscard]] std::vector<OptimizerInfo> optimizers();

}  // namespace fallline
