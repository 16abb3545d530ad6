#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <fallline/objective/evaluation.hpp>
#include <utility>
#include <vector>

#include "model/network_pass.hpp"
#include "objective/confusion_counter.hpp"
#include "objective/evaluation_bytes.hpp"
#include "objective/labelled_block.hpp"

namespace fallline {
namespace {

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::size_t highest(std::span<const float> scores) {
  return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
}

/// Copies the scores of position i out of the pass.
void copy_scores(const NetworkPass& pass, std::size_t i, std::span<float> scores) {
  for (std::size_t c = 0; c < scores.size(); ++c) scores[c] = pass.score(i, c);
}

/// The class with the most examples.
void count_majority(Evaluation& result) {
  for (std::size_t c = 0; c < result.classes; ++c) {
    const std::size_t examples = result.of_class(c).examples;
    if (examples <= result.majority) continue;
    result.majority_class = c;
    result.majority = examples;
  }
}

/// Losses and ranks of the examples of a batch.
struct Outcome {
  explicit Outcome(const Loss& l) : loss(l), losses(ScorePass::most), ranks(ScorePass::most) {}

  /// Of the block at position i, which holds the examples from `first` on.
  void measure(NetworkPass& pass, std::size_t first, std::size_t i, std::size_t count) {
    const LabelledBlock block(pass.scores(i).data(), pass.classes(), count,
                              [&](std::size_t k) { return pass.data().labels()[first + k]; });
    block.ranks(ranks.data() + i);
    block.losses(loss, losses.data() + i);
  }

  const Loss& loss;
  std::vector<float> losses;
  std::vector<std::int32_t> ranks;
};

void require_room(const Classifier& model, const Dataset& data, const Workers& workers) {
  require_memory(evaluation_bytes(model.network, data.cells(), data.size(), workers.threads()), 0,
                 fmt::format("a model of {} classes at work", model.classes()),
                 "free some of what is in use");
}

}  // namespace

double Evaluation::accuracy() const { return share(correct, examples); }
double Evaluation::top_k_accuracy() const { return share(correct_top_k, examples); }

double Evaluation::majority_share() const { return share(majority, examples); }

double Evaluation::majority_error() const {
  const double m = majority_share();
  return examples == 0 ? 0 : std::sqrt(m * (1 - m) / static_cast<double>(examples));
}

bool Evaluation::beats_majority() const {
  return majority == examples || accuracy() - majority_share() > majority_error();
}

std::optional<std::string> majority_note(const Evaluation& e,
                                         const std::vector<std::string>& class_names,
                                         std::string_view part) {
  if (e.beats_majority()) return std::nullopt;
  return fmt::format(
      "on {} the accuracy of {:.2f} % does not beat '{}' for every example, {:.2f} %, by more than "
      "the standard error of that, {:.2f} %",
      part == "all" ? std::string("all examples") : fmt::format("the {} part", part),
      100 * e.accuracy(), class_names[e.majority_class], 100 * e.majority_share(),
      100 * e.majority_error());
}

Evaluation evaluate(const Classifier& model, const Dataset& given, Workers& workers, std::size_t k,
                    const std::atomic<bool>* interrupt) {
  const Dataset data = model.accept(given);
  if (!data.labelled())
    throw bad_input({.file = data.name()}, "the examples have no labels to compare with",
                    "give labels, or predict instead");
  const std::size_t classes = model.classes();
  Evaluation result{.classes = classes, .k = std::min(k, classes)};
  require_room(model, data, workers);
  ConfusionCounter confusion(classes);
  NetworkPass pass(data, model.preprocessing, model.network, workers);
  pass.set_parameters(model.parameters);
  Outcome outcome(model.loss);
  std::vector<float> scores(classes);
  const auto predicted = [&](std::size_t i) {
    copy_scores(pass, i, scores);
    return highest(scores);
  };
  pass.run_all([&](std::size_t first, std::size_t i,
                   std::size_t count) { outcome.measure(pass, first + i, i, count); },
               [&](std::size_t first, std::size_t n) {
                 for (std::size_t i = 0; i < n; ++i) {
                   const auto y = static_cast<std::size_t>(data.labels()[first + i]);
                   const auto rank = static_cast<std::size_t>(outcome.ranks[i]);
                   result.loss += outcome.losses[i];
                   result.correct += rank == 0;
                   result.correct_top_k += rank < result.k;
                   confusion.add(y, rank == 0 ? y : predicted(i));
                 }
                 result.examples += n;
                 return interrupt == nullptr || !interrupt->load(std::memory_order_relaxed);
               });
  result.confusion = std::move(confusion).finish();
  count_majority(result);
  if (result.examples > 0) result.loss /= static_cast<double>(result.examples);
  result.objective = result.loss + model.penalty_value();
  return result;
}

void predict(const Classifier& model, const Dataset& given, Workers& workers,
             const std::function<void(const Prediction&)>& visit) {
  const Dataset data = model.arrange(given).data;
  require_room(model, data, workers);
  const std::size_t classes = model.classes();
  NetworkPass pass(data, model.preprocessing, model.network, workers);
  pass.set_parameters(model.parameters);
  const bool soft = model.loss.kind == LossKind::softmax;
  std::vector<float> probabilities(soft ? classes : 0);
  std::vector<float> f(classes);
  pass.run_all([](std::size_t, std::size_t, std::size_t) {},
               [&](std::size_t first, std::size_t n) {
                 for (std::size_t i = 0; i < n; ++i) {
                   copy_scores(pass, i, f);
                   if (soft) softmax(std::span<const float>(f), std::span(probabilities));
                   visit({.example = first + i,
                          .predicted = highest(f),
                          .scores = f,
                          .probabilities = probabilities});
                 }
                 return true;
               });
}

}  // namespace fallline
