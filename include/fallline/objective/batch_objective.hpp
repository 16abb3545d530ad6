#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/arithmetic.hpp>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/model/network.hpp>
#include <fallline/objective/measure.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <memory>
#include <span>

namespace fallline {

/// L(w) = (1/n) Σ_{i ∈ batch} L_i(f(z_i; w), y_i) + λ R(W) of a linear classifier or a network, and
/// its gradient, in float.
///
///     linear     f = W z + b      G_i = ∂L_i/∂f / n  (C numbers)
///                ∂L/∂W = Σ_i G_i z_iᵀ + λ ∂R/∂W      ∂L/∂b = Σ_i G_i
///     network    by the chain rule, layer by layer (model/network.hpp); R is over all weights
///
/// z_i = (x_i − mean)·scale is never stored: the mean is taken off in registers, and the scale is
/// folded into W on the way in and into ∂L/∂W on the way out. Parameters and gradient are P numbers
/// laid out as in `Network`, which for a linear classifier is as in `Linear`. Sums over examples
/// are in float within a score or a weight and in double for the loss; each has one order, so the
/// bits do not depend on the workers. The layers behind the first are products of OpenBLAS, on the
/// workers' threads: it is told to start none of its own, in all of the process.
class BatchObjective {
 public:
  /// Of a linear classifier.
  ///
  /// @param data     labelled examples; @param preprocessing fitted, of as many features
  /// @param workers  who computes; must outlive the objective
  /// @param arithmetic  floats, or integers: W and G of the layers that read the input are then
  ///                    rounded, so that value and gradient are those of weights that differ in the
  ///                    16th bit, and not smooth in `w`
  /// @throws Error(usage) where integers are not possible (`why_not_integers`)
  BatchObjective(const Dataset& data, const Preprocessing& preprocessing, Loss loss,
                 Penalty penalty, Workers& workers, Arithmetic arithmetic = Arithmetic::floats);
  /// Of any network for the data's features and classes.
  /// @throws Error(usage) also where it is for others
  BatchObjective(const Dataset& data, const Preprocessing& preprocessing, const Network& network,
                 Loss loss, Penalty penalty, Workers& workers,
                 Arithmetic arithmetic = Arithmetic::floats);
  ~BatchObjective();
  BatchObjective(const BatchObjective&) = delete;
  BatchObjective& operator=(const BatchObjective&) = delete;

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

  /// Dropouts of the next calls that ask for a gradient draw the random numbers of this step, from
  /// 1; 0, as at the beginning: nothing is dropped. A value by itself is always without them.
  void begin_step(std::uint64_t seed, std::uint64_t step);

  /// What the last call with a gradient found of each dense layer; empty for a linear classifier.
  [[nodiscard]] std::span<const LayerMeasure> layers() const;

  /// Floating-point operations of the products over one example, with the gradient: 4·C·D of a
  /// linear classifier, 4·P for the weights of the first layers and 6·P for all others of a
  /// network.
  [[nodiscard]] double flops_per_example() const;
  [[nodiscard]] static double flops_of(const Network& network);

  /// Bytes of working memory for examples of `features` in `classes`, whatever the batch.
  [[nodiscard]] static std::size_t working_bytes(std::size_t features, std::size_t classes,
                                                 CellType cells, std::size_t threads);
  /// The same of a network.
  [[nodiscard]] static std::size_t working_bytes(const Network& network, CellType cells,
                                                 std::size_t threads);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace fallline
