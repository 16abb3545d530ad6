#pragma once

#include <array>
#include <fallline/optim/optimizer.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

/// A small example on which conventions show: two parameters, one with a gradient so small that ε
/// counts. w₀ = (1, 1), g₁ = (0.5, 1e-6), g₂ = (0.25, 1e-6), learning rate 0.1.
struct SmallExample {
  static constexpr double rate = 0.1;
  static constexpr std::array<double, 2> start{1, 1};
  static constexpr std::array<std::array<double, 2>, 2> gradients{{{0.5, 1e-6}, {0.25, 1e-6}}};
};

/// The value of a setting as a person reads it: a number, or yes and no.
[[nodiscard]] std::string text_of(const Setting& setting);

/// The parameters after each of the example's two steps, in double.
/// @throws Error(usage) as `make_optimizer`, and for an optimizer that searches.
[[nodiscard]] std::vector<std::array<double, 2>> first_steps(const OptimizerOptions& options);

/// How two presets differ in an optimizer, a sentence for each setting; none where they agree.
/// @throws Error(usage) where one of them does not have it.
[[nodiscard]] std::vector<std::string> differences(std::string_view name, Preset a, Preset b);

}  // namespace fallline
