#pragma once

#include <atomic>
#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/objective/confusion.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

/// How a model does on a dataset.
struct Evaluation {
  std::size_t examples = 0;
  double loss = 0;       ///< (1/N) Σ L_i
  double objective = 0;  ///< loss + λ R(W)
  std::size_t correct = 0;
  std::size_t classes = 0;         ///< C of the model
  std::size_t majority_class = 0;  ///< with the most examples; of equals the first
  std::size_t majority = 0;        ///< its examples
  std::size_t k = 0;               ///< of `top_k`
  std::size_t correct_top_k = 0;   ///< own class among the k highest scores
  Confusion confusion;

  [[nodiscard]] double accuracy() const;
  [[nodiscard]] double top_k_accuracy() const;
  /// Whether that says anything: among all C classes is every one.
  [[nodiscard]] bool has_top_k() const { return k < classes; }

  /// m = majority / examples, the accuracy of naming the most frequent class for every example.
  [[nodiscard]] double majority_share() const;
  /// √(m (1 − m) / N), the standard error of the accuracy of N examples where it is m.
  [[nodiscard]] double majority_error() const;
  /// Whether the accuracy is above m by more than that. Also where there is but one class among the
  /// examples: nothing is above it.
  [[nodiscard]] bool beats_majority() const;

  [[nodiscard]] const ClassFigures& of_class(std::size_t c) const { return confusion.of_class(c); }
};

/// Loss, accuracy and confusion of `model` on labelled `data`; `k` is cut to the classes there are.
/// The same figures for any number of workers.
/// @param interrupt  true ends it with the figures over the first examples: `examples` says how
/// many
/// @throws Error(bad_input) where features or classes do not fit; Error(not_enough_memory)
[[nodiscard]] Evaluation evaluate(const Classifier& model, const Dataset& data, Workers& workers,
                                  std::size_t k = 5, const std::atomic<bool>* interrupt = nullptr);

/// A sentence for a person where the model does not beat the most frequent class; else nothing.
/// @param part  what `evaluation` is of: train, validation, test or all
[[nodiscard]] std::optional<std::string> majority_note(const Evaluation& evaluation,
                                                       const std::vector<std::string>& class_names,
                                                       std::string_view part);

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
