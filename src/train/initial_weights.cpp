#include "train/initial_weights.hpp"

#include <fallline/random.hpp>

namespace fallline {

std::vector<float> initial_weights(std::size_t classes, std::size_t features, std::uint64_t seed,
                                   double scale) {
  const Random random(seed, Purpose::initial_weights);
  std::vector<float> weights(classes * (features + 1));
  for (std::size_t i = 0; i < classes * features; ++i)
    weights[i] = static_cast<float>(scale * random.normal(i));
  return weights;
}

}  // namespace fallline
