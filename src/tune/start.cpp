#include "tune/start.hpp"

#include "train/initial_weights.hpp"

namespace fallline::tune {

Start start_of(const Dataset& data, const TrainOptions& options, const Classifier* model,
               Workers& workers) {
  if (model == nullptr)
    return {.network = Network::parse(options.model, data.features(), data.classes()),
            .parameters = initial_weights(data, options),
            .preprocessing = Preprocessing::fit(options.preprocessing, data, workers),
            .loss = options.loss,
            .penalty = options.penalty};
  return {.network = model->network,
          .parameters = model->parameters,
          .preprocessing = model->preprocessing,
          .loss = model->loss,
          .penalty = model->penalty};
}

}  // namespace fallline::tune
