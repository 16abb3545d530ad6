#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/train/options.hpp>
#include <vector>

namespace fallline {

/// The parameters that a descent starts from: W = scale·N(0,1), b = 0.
[[nodiscard]] std::vector<float> initial_weights(std::size_t classes, std::size_t features,
                                                 std::uint64_t seed, double scale);

/// Those of training on `data`.
[[nodiscard]] inline std::vector<float> initial_weights(const Dataset& data,
                                                        const TrainOptions& options) {
  return initial_weights(data.classes(), data.features(), options.seed, options.initial_scale);
}

}  // namespace fallline
