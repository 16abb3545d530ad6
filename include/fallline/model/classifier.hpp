#pragma once

#include <cstddef>
#include <fallline/data/arrange.hpp>
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

/// Everything prediction needs: the score function, what is done to the features before it, what
/// the features and classes are, and the objective it was trained on.
struct Classifier {
  Network network;
  std::vector<float> parameters;  ///< P, laid out as in `Network`
  Preprocessing preprocessing;
  Loss loss;
  Penalty penalty;
  Schema schema;  ///< of the data it was trained on; its `features` may be left 0: the network's

  [[nodiscard]] std::size_t classes() const { return network.classes(); }
  [[nodiscard]] std::size_t features() const { return network.features(); }

  /// W and b of a linear classifier.
  /// @throws Error(usage) of a network with hidden layers: "THAT needs a linear classifier"
  [[nodiscard]] Linear<float> linear(std::string_view that) const;

  /// λ R over all weights.
  [[nodiscard]] double penalty_value() const;

  /// XXH64 of the parameters' bytes (little-endian floats in their order), 16 hex digits.
  [[nodiscard]] std::string weights_hash() const;

  /// `data` with the features of this model, in its order, and what was put right for that.
  /// @throws Error(bad_input) where they do not fit: `fallline::arrange` says when.
  [[nodiscard]] Arranged arrange(const Dataset& data) const;

  /// `data` as this model sees it: arranged, and classes numbered as the model's. Whatever meets
  /// data with a model goes through here, or, where labels are not looked at, through `arrange`.
  /// @throws Error(bad_input) where features or a class do not fit.
  [[nodiscard]] Dataset accept(const Dataset& data) const;
};

}  // namespace fallline
