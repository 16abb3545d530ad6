#include "tune/start.hpp"

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

}  // namespace fallline::tune
