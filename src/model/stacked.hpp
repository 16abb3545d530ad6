#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <vector>

namespace fallline {

/// The parameters of a linear model of k·C classes whose scores are those of k models of C classes
/// one after another, so that one pass over the data serves all.
[[nodiscard]] inline std::vector<float> stacked(
    std::initializer_list<std::span<const float>> models, std::size_t classes) {
  std::vector<float> parameters;
  parameters.reserve(models.size() * models.begin()->size());
  for (const auto& w : models)
    parameters.insert(parameters.end(), w.begin(), w.end() - static_cast<std::ptrdiff_t>(classes));
  for (const auto& w : models) {
    const auto bias = w.last(classes);
    parameters.insert(parameters.end(), bias.begin(), bias.end());
  }
  return parameters;
}

}  // namespace fallline
