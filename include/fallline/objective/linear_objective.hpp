#pragma once

#include <cstddef>
#include <fallline/arithmetic.hpp>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/objective/measure.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <memory>
#include <span>

namespace fallline {

/// L(W, b) = (1/n) Σ_{i ∈ batch} L_i(W z_i + b, y_i) + λ R(W), and its gradient, in float.
///
///     G_i = ∂L_i/∂f / n  (C numbers)      ∂L/∂W = Σ_i G_i z_iᵀ + λ ∂R/∂W      ∂L/∂b = Σ_i G_i
///
/// z_i = (x_i − mean)·scale is never stored: the mean is taken off in registers, and the scale is
/// folded into W on the way in and into ∂L/∂W on the way out. Parameters and gradient are P = C·D+C
/// numbers laid out as in `Linear`. Sums over examples are in float within a score or a weight and
/// in double for the loss; each has one order, so the bits do not depend on the workers.
class LinearObjective {
 public:
  /// @param data     labelled examples; @param preprocessing fitted, of as many features
  /// @param workers  who computes; must outlive the objective
  /// @param arithmetic  floats, or integers: W and G are then rounded, so that value and gradient
  ///                    are those of weights that differ in the 16th bit, and not smooth in `w`
  /// @throws Error(usage) where integers are not possible (`why_not_integers`)
  LinearObjective(const Dataset& data, const Preprocessing& preprocessing, Loss loss,
                  Penalty penalty, Workers& workers, Arithmetic arithmetic = Arithmetic::floats);
  ~LinearObjective();
  LinearObjective(const LinearObjective&) = delete;
  LinearObjective& operator=(const LinearObjective&) = delete;

  [[nodiscard]] std::size_t size() const;        ///< N
  [[nodiscard]] std::size_t parameters() const;  ///< P

  /// Value over the examples `batch` at the parameters `w`.
  [[nodiscard]] Measure value(std::span<const float> w, std::span<const std::size_t> batch);

  /// Value, and the gradient into `g` (P floats).
  [[nodiscard]] Measure value_and_gradient(std::span<const float> w,
                                           std::span<const std::size_t> batch, std::span<float> g);

  /// An update that is made part by part while the gradient is in the cache.
  struct Update {
    std::span<float> next;  ///< where the new parameters go, P floats
    /// Fills in `next` for as many parameters from `first` on as `gradient`, their part of it, has
    /// numbers; from any of the workers, and once for each parameter.
    const std::function<void(std::size_t first, std::span<const float> gradient)>& part;
    /// The batch of the next call, as far as it is known: the first of its rows are fetched into
    /// the cache beside the work.
    std::span<const std::size_t> upcoming = {};
  };

  /// Value and update; none is begun where the value is not finite. The gradient as a whole is
  /// nowhere. The next call takes the weights at `next`, if it is given those, to be what the
  /// update left.
  [[nodiscard]] Measure value_and_update(std::span<const float> w,
                                         std::span<const std::size_t> batch, const Update& update);

  /// Floating-point operations of the two products over one example: 4·C·D with the gradient.
  [[nodiscard]] double flops_per_example() const;

  /// Bytes of working memory for examples of `features` in `classes`, whatever the batch.
  [[nodiscard]] static std::size_t working_bytes(std::size_t features, std::size_t classes,
                                                 CellType cells, std::size_t threads);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace fallline
