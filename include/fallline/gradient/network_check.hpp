#pragma once

#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/gradient/check.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/model/network.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace fallline {

/// The vector–Jacobian product of one layer, by itself.
struct LayerCheck {
  std::string layer;
  GradientCheck check;  ///< blocks: each layer that it reads, "weight", "bias"
};

/// A gradient of a network's objective, checked in double.
struct NetworkGradientCheck {
  GradientCheck whole;             ///< ∂L/∂w; blocks: those of the network
  std::vector<LayerCheck> layers;  ///< but the input
  std::size_t examples = 0;        ///< N
  std::size_t parameters = 0;      ///< P
  double analytic_seconds = 0;     ///< the gradient by the chain rule, all P numbers
  double numerical_seconds = 0;    ///< the checked coordinates by differences
  double evaluation_seconds = 0;   ///< one value of the objective
  bool stopped = false;            ///< before all coordinates were checked
  /// ‖g_kernel − g‖ / ‖g‖ over all P, g the gradient in double: what training computes with. NaN
  /// where there are no integers for the features.
  double float_kernels = 0;
  double integer_kernels = 0;

  /// Fail where one coordinate failed; else that of the whole.
  [[nodiscard]] Verdict verdict() const;
  /// Layers whose own Jacobian fails: a wrong one spoils the gradients of all that come before it,
  /// and is found here by name.
  [[nodiscard]] std::vector<std::string> wrong_layers() const;
};

/// Compares gradients of a network with differences, in double: ∂L/∂w over all of `data`, and the
/// vector–Jacobian product of every layer with random ū:
///
///     ∂(ū·h(x; θ))/∂x, ∂(ū·h(x; θ))/∂θ       x as the layers before make it of the data
///
/// Of `options.coordinates` each block of parameters gets the same share, and each layer's product
/// as many as a block. A ReLU that changes side between the points is a kink. Dropouts are off.
///
/// The examples should be few: every coordinate takes two passes through the network.
/// @param w         where, P numbers
/// @param progress  told the share of the coordinates that are done; false stops
/// @throws Error(usage) where sizes disagree
[[nodiscard]] NetworkGradientCheck check_network_gradient(
    const Dataset& data, const Preprocessing& preprocessing, const Network& network,
    const Loss& loss, const Penalty& penalty, std::span<const float> w,
    const GradientCheckOptions& options, Workers& workers,
    const std::function<bool(double)>& progress = {});

}  // namespace fallline
