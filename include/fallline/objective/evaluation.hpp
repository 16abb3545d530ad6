#pragma once

#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <span>
#include <vector>

namespace fallline {

/// How a model does on one class.
struct ClassFigures {
  std::size_t examples = 0;   ///< of this class
  std::size_t predicted = 0;  ///< predicted to be of this class
  std::size_t correct = 0;    ///< both

  /// correct / predicted, 0 where nothing was predicted.
  [[nodiscard]] double precision() const;
  /// correct / examples, 0 where there are none.
  [[nodiscard]] double recall() const;
};

/// How a model does on a dataset.
struct Evaluation {
  std::size_t examples = 0;
  double loss = 0;       ///< (1/N) Σ L_i
  double objective = 0;  ///< loss + λ R(W)
  std::size_t correct = 0;
  std::size_t k = 0;                                ///< of `top_k`
  std::size_t correct_top_k = 0;                    ///< own class among the k highest scores
  std::vector<std::vector<std::size_t>> confusion;  ///< [own class][predicted class], counts

  [[nodiscard]] double accuracy() const;
  [[nodiscard]] double top_k_accuracy() const;
  [[nodiscard]] ClassFigures of_class(std::size_t c) const;
};

/// Loss, accuracy and confusion of `model` on labelled `data`; `k` is cut to the classes there are.
/// The same figures for any number of workers.
/// @throws Error(bad_input) where features or classes do not fit the model.
[[nodiscard]] Evaluation evaluate(const Classifier& model, const Dataset& data, Workers& workers,
                                  std::size_t k = 5);

/// What the model says of one example.
struct Prediction {
  std::size_t example = 0;
  std::size_t predicted = 0;             ///< class with the highest score; of equals the first
  std::span<const float> scores;         ///< C scores f = W z + b
  std::span<const float> probabilities;  ///< softmax of the scores; empty for the hinges
};

/// Calls `visit` for every example of `data` in order; labels are not looked at. The spans are
/// valid during the call.
void predict(const Classifier& model, const Dataset& data, Workers& workers,
             const std::function<void(const Prediction&)>& visit);

}  // namespace fallline
