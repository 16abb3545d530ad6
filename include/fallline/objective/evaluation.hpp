#pragma once

#include <atomic>
#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/objective/confusion.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <span>

namespace fallline {

/// How a model does on a dataset.
struct Evaluation {
  std::size_t examples = 0;
  double loss = 0;       ///< (1/N) Σ L_i
  double objective = 0;  ///< loss + λ R(W)
  std::size_t correct = 0;
  std::size_t k = 0;              ///< of `top_k`
  std::size_t correct_top_k = 0;  ///< own class among the k highest scores
  Confusion confusion;

  [[nodiscard]] double accuracy() const;
  [[nodiscard]] double top_k_accuracy() const;
  [[nodiscard]] const ClassFigures& of_class(std::size_t c) const { return confusion.of_class(c); }
};

/// Loss, accuracy and confusion of `model` on labelled `data`; `k` is cut to the classes there are.
/// The same figures for any number of workers.
/// @param interrupt  true ends it with the figures over the first examples: `examples` says how
/// many
/// @throws Error(bad_input) where features or classes do not fit; Error(not_enough_memory)
[[nodiscard]] Evaluation evaluate(const Classifier& model, const Dataset& data, Workers& workers,
                                  std::size_t k = 5, const std::atomic<bool>* interrupt = nullptr);

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
