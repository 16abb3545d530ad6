#include "tune/start.hpp"

#include <numeric>

#include "train/initial_weights.hpp"

namespace fallline::tune {

Start start_of(const Dataset& data, const TrainOptions& options, const Classifier* model,
               Workers& workers) {
  if (model == nullptr)
    return {.parameters = initial_weights(data, options),
            .preprocessing = Preprocessing::fit(options.preprocessing, data, workers),
            .loss = options.loss,
            .penalty = options.penalty};
  const auto parameters = model->linear.parameters();
  return {.parameters = {parameters.begin(), parameters.end()},
          .preprocessing = model->preprocessing,
          .loss = model->loss,
          .penalty = model->penalty};
}

std::vector<std::size_t> all_indices(std::size_t n) {
  std::vector<std::size_t> indices(n);
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return indices;
}

}  // namespace fallline::tune
