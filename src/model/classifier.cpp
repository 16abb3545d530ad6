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

Arranged Classifier::arrange(const Dataset& data) const {
  if (schema.features != 0) return fallline::arrange(data, schema);
  Schema whole = schema;
  whole.features = features();
  return fallline::arrange(data, whole);
}

Dataset Classifier::accept(const Dataset& data) const {
  return arrange(data).data.with_classes(schema.class_names);
}

}  // namespace fallline
