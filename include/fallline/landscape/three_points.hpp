#pragma once

#include <fallline/data/dataset.hpp>
#include <fallline/model/classifier.hpp>

namespace fallline::landscape {

/// A problem small enough to be worked out by hand.
struct WorkedCase {
  Classifier model;
  Dataset data;
};

/// Three one-dimensional examples of three classes under the hinge, without a bias: the case of
/// Karpathy, CS231n lecture notes, "Optimization: Stochastic Gradient Descent", with numbers.
///
///     x = 2, −1, ½      of the classes 0, 1, 2          w₁ = −1, w₂ = ¼, and w₀ is what varies
///
///     L₀ = max(0, w₁x₀ − w₀x₀ + 1) + max(0, w₂x₀ − w₀x₀ + 1) = max(0, −1 − 2w₀) + max(0, 1½ − 2w₀)
///     L₁ = max(0, w₀x₁ − w₁x₁ + 1) + max(0, w₂x₁ − w₁x₁ + 1) = max(0, −w₀) + 0
///     L₂ = max(0, w₀x₂ − w₂x₂ + 1) + max(0, w₁x₂ − w₂x₂ + 1) = max(0, ½w₀ + ⅞) + ⅜
///     L  = (L₀ + L₁ + L₂)/3
///
/// As a function of w₀, L has its kinks at −1¾, −½, 0 and ¾, where its slope goes from −5/3 to
/// −3/2, −5/6, −1/2 and 1/6; its minimum is 13/24, at ¾. The model has w₀ = 0 and biases 0, which
/// are left alone; w₀ is parameter 0.
[[nodiscard]] WorkedCase three_points();

}  // namespace fallline::landscape
