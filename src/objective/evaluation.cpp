#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/objective/evaluation.hpp>
#include <numeric>
#include <vector>

#include "model/score_pass.hpp"

namespace fallline {
namespace {

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::size_t highest(std::span<const float> scores) {
  return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
}

/// How many classes have a higher score than y; of equals the first counts as higher.
std::size_t rank_of(std::span<const float> scores, std::size_t y) {
  std::size_t higher = 0;
  for (std::size_t j = 0; j < scores.size(); ++j)
    higher += j < y ? !(scores[j] < scores[y]) : j > y && !(scores[j] <= scores[y]);
  return higher;
}

/// Runs the scores of all examples block by block; `each(i)` in parallel, `done(first, n)` after.
template <class Each, class Done>
void over_all(ScorePass& pass, Each each, Done done) {
  std::vector<std::size_t> indices(ScorePass::block);
  for (std::size_t first = 0; first < pass.data().size(); first += ScorePass::block) {
    const std::size_t n = std::min(ScorePass::block, pass.data().size() - first);
    std::iota(indices.begin(), indices.end(), first);
    pass.run(std::span(indices).first(n), [&](std::size_t i) { each(first, i); });
    done(first, n);
  }
}

}  // namespace

double ClassFigures::precision() const { return share(correct, predicted); }
double ClassFigures::recall() const { return share(correct, examples); }
double Evaluation::accuracy() const { return share(correct, examples); }
double Evaluation::top_k_accuracy() const { return share(correct_top_k, examples); }

ClassFigures Evaluation::of_class(std::size_t c) const {
  ClassFigures figures{.correct = confusion[c][c]};
  figures.examples = std::accumulate(confusion[c].begin(), confusion[c].end(), std::size_t{0});
  for (const auto& row : confusion) figures.predicted += row[c];
  return figures;
}

Evaluation evaluate(const Classifier& model, const Dataset& given, Workers& workers,
                    std::size_t k) {
  const Dataset data = model.accept(given);
  if (!data.labelled())
    throw bad_input({.file = data.name()}, "the examples have no labels to compare with",
                    "give labels, or predict instead");
  const std::size_t classes = model.linear.classes();
  Evaluation result{.examples = data.size(), .k = std::min(k, classes)};
  result.confusion.assign(classes, std::vector<std::size_t>(classes));
  ScorePass pass(data, model.preprocessing, classes, workers);
  pass.set_weights(model.linear.parameters());
  std::vector<float> losses(ScorePass::block);
  const auto label = [&data](std::size_t i) { return static_cast<std::size_t>(data.labels()[i]); };
  over_all(
      pass,
      [&](std::size_t first, std::size_t i) {
        losses[i] = model.loss(std::span<const float>(pass.scores(i)), label(first + i));
      },
      [&](std::size_t first, std::size_t n) {
        for (std::size_t i = 0; i < n; ++i) {
          const std::size_t y = label(first + i);
          const std::size_t rank = rank_of(pass.scores(i), y);
          result.loss += losses[i];
          result.correct += rank == 0;
          result.correct_top_k += rank < result.k;
          ++result.confusion[y][rank == 0 ? y : highest(pass.scores(i))];
        }
      });
  if (!data.empty()) result.loss /= static_cast<double>(data.size());
  result.objective = result.loss + model.penalty.value(model.linear.weight_span());
  return result;
}

void predict(const Classifier& model, const Dataset& data, Workers& workers,
             const std::function<void(const Prediction&)>& visit) {
  model.require_fit(data);
  const std::size_t classes = model.linear.classes();
  ScorePass pass(data, model.preprocessing, classes, workers);
  pass.set_weights(model.linear.parameters());
  const bool soft = model.loss.kind == LossKind::softmax;
  std::vector<float> probabilities(soft ? classes : 0);
  over_all(
      pass, [](std::size_t, std::size_t) {},
      [&](std::size_t first, std::size_t n) {
        for (std::size_t i = 0; i < n; ++i) {
          const std::span<const float> f = pass.scores(i);
          if (soft) softmax(f, std::span(probabilities));
          visit({.example = first + i,
                 .predicted = highest(f),
                 .scores = f,
                 .probabilities = probabilities});
        }
      });
}

}  // namespace fallline
