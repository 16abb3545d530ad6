#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <fallline/landscape/site.hpp>
#include <optional>
#include <span>
#include <vector>

namespace fallline::landscape {

/// A convex function of one variable that is linear between its kinks, from `from` to `to`.
class PiecewiseLinear {
 public:
  struct Kink {
    double at = 0;
    double change = 0;  ///< of the slope, above 0
  };
  /// Where the slope changes, with what lies around.
  struct Breakpoint {
    double at = 0;
    double value = 0;
    double slope_before = 0;
    double slope_after = 0;
  };

  /// @param value  at `from`; @param slope  just after it
  /// @param kinks  in any order, each in (from, to]; those at one place become one breakpoint
  PiecewiseLinear(double from, double to, double value, double slope, std::vector<Kink> kinks);

  [[nodiscard]] const std::vector<Breakpoint>& breakpoints() const { return breakpoints_; }
  /// At a place in [from, to].
  [[nodiscard]] double operator()(double at) const;

  struct Minimum {
    double at = 0;
    double value = 0;
  };
  /// The lowest place in [from, to]; of a flat stretch its beginning.
  [[nodiscard]] Minimum minimum() const;

 private:
  double from_;
  double to_;
  double value_;
  double slope_;
  std::vector<Breakpoint> breakpoints_;
};

/// The mean hinge loss along W + a·W₁ as what it is: a piecewise linear function of a.
///
///     m_ij(a) = f_j − f_y + Δ + a (s_j − s_y),    f = Wz + b,  s = W₁z + b₁,    j ≠ y
///
/// is linear in a, and (1/N) max(0, m_ij) has its kink where m_ij = 0: at a = −m_ij(0)/(s_j − s_y),
/// where the slope rises by |s_j − s_y|/N. The kinks in (from, to] are collected, sorted and summed
/// up in double; the scores that they come from are floats. Without the penalty, which is no part
/// of it.
///
/// @returns nothing after an interrupt
/// @throws Error(usage) where the loss is not the hinge, the scores are not linear, or from < to
///         does not hold; Error(not_enough_memory) where 64 bytes for each example and class do
///         not fit
[[nodiscard]] std::optional<PiecewiseLinear> hinge_line(
    const Site& site, std::span<const float> direction, double from, double to,
    std::uint64_t memory_limit = 0, const std::atomic<bool>* interrupt = nullptr);

}  // namespace fallline::landscape
