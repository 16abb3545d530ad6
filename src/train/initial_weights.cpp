#include "train/initial_weights.hpp"

#include <fallline/random.hpp>

namespace fallline {

std::vector<float> initial_weights(const Dataset& data, const TrainOptions& options) {
  const Random random(options.seed, Purpose::initial_weights);
  std::vector<float> weights(data.classes() * (data.features() + 1));
  for (std::size_t i = 0; i < data.classes() * data.features(); ++i)
    weights[i] = static_cast<float>(options.initial_scale * random.normal(i));
  return weights;
}

}  // namespace fallline
