#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/loss/hinge.hpp>
#include <fallline/loss/softmax.hpp>
#include <span>
#include <string_view>

namespace fallline {

enum class LossKind : std::uint8_t { softmax, hinge, squared_hinge };

/// A loss chosen at run time: L_i(f, y) for one example.
struct Loss {
  LossKind kind = LossKind::softmax;
  double delta = 1.0;  ///< Δ, the margin of the hinges; > 0

  /// The loss of one example; see `softmax_loss` for the parameters.
  template <class T>
  [[nodiscard]] T operator()(std::span<const T> f, std::size_t y, std::span<T> g = {}) const {
    switch (kind) {
      case LossKind::hinge:
        return hinge_loss<T>(f, y, static_cast<T>(delta), g);
      case LossKind::squared_hinge:
        return squared_hinge_loss<T>(f, y, static_cast<T>(delta), g);
      case LossKind::softmax:
        break;
    }
    return softmax_loss<T>(f, y, g);
  }

  /// κ, the largest curvature of L_i in the scores: ∇²L_i ≼ κ I.
  ///
  /// Softmax: ½, the largest eigenvalue of diag(p) − ppᵀ over all p. Squared hinge: 2C, that of
  /// 2 Σ_{j≠y} (e_j − e_y)(e_j − e_y)ᵀ, a star's Laplacian. The hinge has none; C/2 stands in, the
  /// figure that gave it a step size as good as the smooth losses' (docs/defaults.md).
  [[nodiscard]] double curvature(std::size_t classes) const;

  bool operator==(const Loss&) const = default;
};

[[nodiscard]] std::string_view name_of(LossKind kind);
/// @throws Error(usage) for a name that is no loss.
[[nodiscard]] LossKind loss_kind(std::string_view name);

}  // namespace fallline
