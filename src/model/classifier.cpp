#include <fmt/format.h>
#include <xxhash.h>

#include <fallline/error.hpp>
#include <fallline/model/classifier.hpp>

namespace fallline {

std::string Classifier::weights_hash() const {
  const auto bytes = std::as_bytes(linear.parameters());
  return fmt::format("{:016x}", XXH64(bytes.data(), bytes.size(), 0));
}

void Classifier::require_fit(const Dataset& data) const {
  if (data.features() != linear.features())
    throw bad_input({.file = data.name()},
                    fmt::format("{} features an example, where the model has {}", data.features(),
                                linear.features()),
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
