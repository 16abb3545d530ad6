#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/model/classifier.hpp>

namespace fallline {

Linear<float> Classifier::linear(std::string_view that) const {
  if (!network.linear())
    throw usage_error(fmt::format("{} needs a linear classifier, and this is a network", that),
                      "give a model that was trained with --model linear");
  Linear<float> weights(classes(), features());
  std::ranges::copy(parameters, weights.parameters().begin());
  return weights;
}

double Classifier::penalty_value() const {
  double value = 0;
  for (const ParameterBlock& block : network.blocks())
    if (block.role == BlockRole::weight)
      value += penalty.value(std::span(parameters).subspan(block.first, block.count));
  return value;
}

std::string Classifier::weights_hash() const {
  const auto bytes = std::as_bytes(std::span(parameters));
  return fmt::format("{:016x}", XXH64(bytes.data(), bytes.size(), 0));
}

void Classifier::require_fit(const Dataset& data) const {
  if (data.features() != features())
    throw bad_input(
        {.file = data.name()},
        fmt::format("{} features an example, where the model has {}", data.features(), features()),
        "give examples of the kind the model was trained on");
  if (data.shape() && shape && data.shape()->interleaved != shape->interleaved)
    throw bad_input({.file = data.name()},
                    "the colours of a pixel are stored in another order than in training",
                    "give pictures with channels first or last as in the training data");
}

Dataset Classifier::accept(const Dataset& data) const {
  require_fit(data);
  return data.with_classes(class_names);
}

}  // namespace fallline
