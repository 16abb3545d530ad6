#pragma once

#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/gradient/check.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <span>

namespace fallline {

/// A gradient of a linear classifier's objective, checked in double.
struct LinearGradientCheck {
  GradientCheck check;            ///< blocks "W" and "b"
  std::size_t examples = 0;       ///< N
  std::size_t parameters = 0;     ///< P
  double analytic_seconds = 0;    ///< the checked coordinates by calculus
  double numerical_seconds = 0;   ///< and by differences of what moves
  double evaluation_seconds = 0;  ///< one value of the whole objective
  /// ‖g_kernel − g‖ / ‖g‖ over the checked coordinates, g the gradient in double: what training
  /// computes with. NaN where there are no integers for the features.
  double float_kernels = 0;
  double integer_kernels = 0;

  /// Seconds for as many coordinates by two whole evaluations each.
  [[nodiscard]] double naive_seconds() const {
    return 2 * static_cast<double>(check.all.checked) * evaluation_seconds;
  }
};

/// Compares ∂L/∂(W, b) over all of `data` with differences, in double.
///
///     L(W, b) = (1/N) Σ_i L_i(W z_i + b) + λ R(W),    P = C·D + C parameters laid out as in
///     `Linear`
///
/// A change of w_{jd} moves score j alone, by h z_{id}: each difference is made of N losses along
/// one score, whose other scores are known, instead of N·C products of D numbers. They are
/// differences of the losses themselves; the calculus is not used. Features are drawn, and checked
/// for all classes; the bias always is.
///
/// The step is that of a score: h·max|z| is `options.step`, by default 1e-5, and for the hinge
/// 1e-7, whose pieces are straight. An example whose margin changes sign between the points is a
/// kink of each coordinate that it moves; so is a weight that does, under an L1 penalty.
///
/// @param w         where, P numbers
/// @param progress  told the share of the coordinates that are done, from one thread at a time;
///                  false stops: the result is then of those that are
/// @throws Error(usage) where sizes disagree, or for Ridders' scheme, which a kink anywhere near
///         would spoil
[[nodiscard]] LinearGradientCheck check_linear_gradient(
    const Dataset& data, const Preprocessing& preprocessing, const Loss& loss,
    const Penalty& penalty, std::span<const float> w, const GradientCheckOptions& options,
    Workers& workers, const std::function<bool(double)>& progress = {});

}  // namespace fallline
