#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/objective/evaluation.hpp>
#include <fallline/objective/mistakes.hpp>
#include <tuple>

namespace fallline {
namespace {

double sureness(const Prediction& p, std::size_t label) {
  return p.probabilities.empty() ? double{p.scores[p.predicted]} - double{p.scores[label]}
                                 : double{p.probabilities[p.predicted]};
}

bool surer(const Mistake& a, const Mistake& b) {
  return std::tuple(-a.confidence, a.example) < std::tuple(-b.confidence, b.example);
}

/// Keeps the surest few: the heap's top is the one that goes next.
void keep(std::vector<Mistake>& surest, const Mistake& mistake, std::size_t most) {
  surest.push_back(mistake);
  std::ranges::push_heap(surest, surer);
  if (surest.size() <= most) return;
  std::ranges::pop_heap(surest, surer);
  surest.pop_back();
}

}  // namespace

Mistakes most_confidently_wrong(const Classifier& model, const Dataset& data, std::size_t most,
                                Workers& workers) {
  if (!data.labelled())
    throw bad_input({.file = data.name()}, "has no labels to be right or wrong about",
                    "give examples with labels");
  const Dataset seen = model.accept(data);
  Mistakes found{.examples = seen.size(), .probabilities = model.loss.kind == LossKind::softmax};
  predict(model, seen, workers, [&](const Prediction& p) {
    const auto label = static_cast<std::size_t>(seen.labels()[p.example]);
    if (p.predicted == label) return;
    ++found.wrong;
    keep(found.surest,
         {.example = p.example,
          .label = label,
          .predicted = p.predicted,
          .confidence = sureness(p, label)},
         most);
  });
  std::ranges::sort(found.surest, surer);
  return found;
}

}  // namespace fallline
