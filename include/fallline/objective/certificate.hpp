#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/workers.hpp>
#include <limits>
#include <span>

namespace fallline {

struct CertificateOptions {
  /// Of value and gradient over all examples in double, at most; of the smooth losses ten times as
  /// many steps in float go before.
  std::uint64_t evaluations = 60;
  /// Ends where the bound is known to be within this factor of the true distance.
  double factor = 1.5;

  /// @throws Error(usage) naming the first option out of its bounds.
  void validate() const;
};

/// How far an objective is from its minimum, L* = min L(W, b), at most and at least.
struct Certificate {
  double objective = 0;  ///< L at the weights in question
  double bound = 0;      ///< D ≤ L*: no weights have a lower objective
  double lowest = 0;     ///< L ≥ L* at the best weights that were seen on the way
  std::uint64_t evaluations = 0;
  double seconds = 0;
  bool interrupted = false;  ///< the search for a better bound was cut short

  /// L − L* is at most this, and at least that.
  [[nodiscard]] double at_most() const { return objective - bound; }
  [[nodiscard]] double at_least() const { return objective - lowest; }
  /// The most by which L is above L*, as a share of L*; infinite where D is not above 0.
  [[nodiscard]] double share() const {
    return bound > 0 ? at_most() / bound : std::numeric_limits<double>::infinity();
  }
};

/// @throws Error(usage) where a penalty allows no certificate: no L2, or an L1
void require_certifiable(const Penalty& penalty);

/// A bound on the distance to the minimum of
///
///     L(W, b) = (1/N) Σ_i ℓ_i(W z_i + b) + (λ/2) ‖W‖²,    λ > 0
///
/// by Fenchel's duality: for any a_i ∈ R^C with Σ_i a_i = 0 (the bias has no penalty),
///
///     D(a) = −(1/N) Σ_i ℓ_i*(a_i) − ‖V‖²/2λ ≤ L*,    V = (1/N) Σ_i a_i z_iᵀ
///     softmax         a = p − e_y                ℓ* = Σ_j p_j log p_j
///     hinge           a_j ∈ [0, 1], j ≠ y        ℓ* = −Δ Σ_{j≠y} a_j,    a_y = −Σ_{j≠y} a_j
///     squared hinge   a_j ≥ 0, j ≠ y             ℓ* = Σ_{j≠y} (a_j²/4 − Δ a_j)
///
/// Any a is a proof; a good one is found near the minimum. So L-BFGS goes on from the weights, in
/// double, and a_i = ∂ℓ_i/∂f_i at each of its points is tried: of the hinge the slopes of a rounded
/// one, max(0, m) replaced by m²/2μ up to μ, which becomes sharper on the way. Where Σ a_i is not
/// yet 0, a share of every a_i is exchanged for slopes that depend on the class alone and make it
/// so; ℓ* is convex, so D with the mean of the two is a bound too.
///
/// Shalev-Shwartz and Zhang, "Accelerated proximal stochastic dual coordinate ascent for
/// regularized loss minimization", ICML 2014, has the conjugates and the rounded hinge; they have
/// no bias.
///
/// The same bits for any number of threads. An evaluation takes some 60 times as long as one of
/// training, and 8·C·D bytes for each of 16 pieces of the data are held.
///
/// @param data  labelled, each class with an example
/// @param w     P numbers laid out as in `Linear`
/// @param interrupt  true ends it with the best bound until then; none where there are 0
///                   evaluations
/// @throws Error(usage) where there is no L2 penalty, or an L1 penalty; a class without an example;
///         sizes that disagree; weights that are no numbers; Error(not_enough_memory)
[[nodiscard]] Certificate certify(const Dataset& data, const Preprocessing& preprocessing,
                                  const Loss& loss, const Penalty& penalty,
                                  std::span<const double> w, Workers& workers,
                                  const CertificateOptions& options = {},
                                  const std::atomic<bool>* interrupt = nullptr);
/// Of a model, on data of its features and classes.
[[nodiscard]] Certificate certify(const Classifier& model, const Dataset& data, Workers& workers,
                                  const CertificateOptions& options = {},
                                  const std::atomic<bool>* interrupt = nullptr);

/// Bytes that a certificate takes beside the data.
[[nodiscard]] std::uint64_t certificate_bytes(std::size_t features, std::size_t classes);

}  // namespace fallline
