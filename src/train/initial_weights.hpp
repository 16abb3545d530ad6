#pragma once

#include <fallline/data/dataset.hpp>
#include <fallline/model/network.hpp>
#include <fallline/train/options.hpp>
#include <vector>

namespace fallline {

/// The parameters that training on `data` starts from.
[[nodiscard]] inline std::vector<float> initial_weights(const Dataset& data,
                                                        const TrainOptions& options) {
  return Network::parse(options.model, data.features(), data.classes())
      .initial_parameters(options.seed, options.initial_scale);
}

}  // namespace fallline
