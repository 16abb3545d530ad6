#pragma once

#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/workers.hpp>
#include <vector>

namespace fallline {

/// An example that a model takes for one of another class.
struct Mistake {
  std::size_t example = 0;  ///< from 0
  std::size_t label = 0;    ///< its own class
  std::size_t predicted = 0;
  /// How sure the model is: after softmax training the probability of `predicted`, after either
  /// hinge the score of `predicted` less that of `label`.
  double confidence = 0;
};

/// The examples that a model is wrong about, the surest first.
struct Mistakes {
  std::size_t examples = 0;     ///< looked at
  std::size_t wrong = 0;        ///< of them
  bool probabilities = false;   ///< else confidences are differences of scores
  std::vector<Mistake> surest;  ///< of equals the example that comes first
};

/// The `most` mistakes that `model` is surest of on labelled `data`. The same for any number of
/// workers.
/// @throws Error(bad_input) where features or classes do not fit the model, or there are no labels.
[[nodiscard]] Mistakes most_confidently_wrong(const Classifier& model, const Dataset& data,
                                              std::size_t most, Workers& workers);

}  // namespace fallline
