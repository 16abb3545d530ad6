#pragma once

#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/model/linear.hpp>
#include <fallline/model/network.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

/// Everything prediction needs: the score function, what is done to the features before it, the
/// names of the classes, and the objective it was trained on.
struct Classifier {
  Network network;
  std::vector<float> parameters;  ///< P, laid out as in `Network`
  Preprocessing preprocessing;
  Loss loss;
  Penalty penalty;
  std::vector<std::string> class_names;
  std::vector<std::string> feature_names;
  std::optional<ImageShape> shape;

  [[nodiscard]] std::size_t classes() const { return network.classes(); }
  [[nodiscard]] std::size_t features() const { return network.features(); }

  /// W and b of a linear classifier.
  /// @throws Error(usage) of a network with hidden layers: "THAT needs a linear classifier"
  [[nodiscard]] Linear<float> linear(std::string_view that) const;

  /// λ R over all weights.
  [[nodiscard]] double penalty_value() const;

  /// XXH64 of the parameters' bytes (little-endian floats in their order), 16 hex digits.
  [[nodiscard]] std::string weights_hash() const;

  /// @throws Error(bad_input) where the examples have not this model's features.
  void require_fit(const Dataset& data) const;

  /// `data` as this model sees it: classes numbered as the model's.
  /// @throws Error(bad_input) where the number of features or a class does not fit.
  [[nodiscard]] Dataset accept(const Dataset& data) const;
};

}  // namespace fallline
