#pragma once

#include <fallline/data/dataset.hpp>
#include <fallline/train/options.hpp>
#include <vector>

namespace fallline {

/// The parameters that training on `data` starts from: W = initial_scale·N(0,1), b = 0.
[[nodiscard]] std::vector<float> initial_weights(const Dataset& data, const TrainOptions& options);

}  // namespace fallline
