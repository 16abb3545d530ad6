#pragma once

#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/model/network.hpp>
#include <fallline/train/options.hpp>
#include <fallline/workers.hpp>
#include <vector>

namespace fallline::tune {

/// Where a sweep looks: a point, and the objective there.
struct Start {
  Network network;
  std::vector<float> parameters;
  Preprocessing preprocessing;
  Loss loss;
  Penalty penalty;
};

/// The model's, or without one those that training with `options` would start from.
[[nodiscard]] Start start_of(const Dataset& data, const TrainOptions& options,
                             const Classifier* model, Workers& workers);

}  // namespace fallline::tune
