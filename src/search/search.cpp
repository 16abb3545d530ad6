#include <fmt/format.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/instruction_set.hpp>
#include <fallline/memory.hpp>
#include <fallline/search/search.hpp>
#include <fallline/train/plan.hpp>
#include <utility>

#include "objective/evaluation_bytes.hpp"
#include "search/record.hpp"
#include "search/strategies.hpp"

namespace fallline {
namespace {

std::uint64_t stored_bytes(const Parts& parts) {
  return parts.train.storage_bytes() + parts.test.storage_bytes();
}

void require_room(const Parts& parts, const SearchOptions& options, std::size_t threads) {
  const Dataset& data = parts.train;
  const std::uint64_t working = search_bytes(data, options, threads);
  // Under a limit all counts; otherwise the data are in memory already.
  require_memory(options.memory_limit != 0 ? working + stored_bytes(parts) : working,
                 options.memory_limit,
                 fmt::format("searching on {} examples of {} features in {} classes", data.size(),
                             data.features(), data.classes()),
                 "use fewer examples or features, or raise the limit");
}

double learning_rate(const Parts& parts, const SearchOptions& options,
                     const Preprocessing& preprocessing, Workers& workers) {
  if (options.strategy != Strategy::gradient) return 0;
  if (options.learning_rate != 0) return options.learning_rate;
  const Dataset& data = parts.train;
  return automatic_rate(options.loss, options.penalty, data.classes(), data.size(),
                        feature_moment(data, preprocessing, workers), 1);
}

std::size_t candidates_of(const SearchOptions& options, const Dataset& data) {
  if (options.strategy == Strategy::gradient) return 1;
  const std::size_t most =
      options.candidates != 0
          ? options.candidates
          : automatic_candidates(options.strategy, data.features(), data.classes());
  return static_cast<std::size_t>(std::min<std::uint64_t>(most, options.tries));
}

SearchPlan plan_of(const Parts& parts, const SearchOptions& options,
                   const Preprocessing& preprocessing, Workers& workers) {
  const Dataset& data = parts.train;
  return {.options = options,
          .preprocessing = preprocessing.kind,
          .classes = data.classes(),
          .features = data.features(),
          .parameters = data.classes() * (data.features() + 1),
          .examples = data.size(),
          .validation_examples = parts.validation.size(),
          .test_examples = parts.test.size(),
          .candidates = candidates_of(options, data),
          .learning_rate = learning_rate(parts, options, preprocessing, workers),
          .threads = workers.threads(),
          .memory_bytes = search_bytes(data, options, workers.threads()) + stored_bytes(parts),
          .instruction_set = std::string(name_of(instruction_set()))};
}

/// Makes the attempts; returns what a diverged search has to say.
std::string make_attempts(const SearchPlan& plan, const Dataset& data,
                          const Preprocessing& preprocessing, Record& record, Workers& workers) {
  const SearchOptions& o = plan.options;
  if (o.strategy == Strategy::gradient) {
    BatchObjective objective(data, preprocessing, o.loss, o.penalty, workers);
    return follow_gradient(plan, objective, record, workers);
  }
  Candidates candidates(data, preprocessing, o.loss, o.penalty, workers);
  if (o.strategy == Strategy::local)
    search_locally(plan, candidates, record);
  else
    search_at_random(plan, candidates, record);
  return {};
}

Classifier classifier_of(const Parts& parts, Preprocessing preprocessing,
                         const SearchOptions& options, std::span<const float> weights) {
  const Dataset& data = parts.train;
  return {.network = Network(data.classes(), data.features()),
          .parameters = std::vector<float>(weights.begin(), weights.end()),
          .preprocessing = std::move(preprocessing),
          .loss = options.loss,
          .penalty = options.penalty,
          .schema = data.schema()};
}

/// An interrupt cuts it short, unless it was what ended the search.
void evaluate_parts(const Parts& parts, Workers& workers, const std::atomic<bool>* interrupt,
                    SearchResult& result) {
  if (result.stop == SearchStop::interrupted) interrupt = nullptr;
  bool cut = false;
  const auto figures = [&](const Dataset& part) {
    constexpr std::size_t top = 5;
    Evaluation found = evaluate(result.model, part, workers, top, interrupt);
    cut = found.examples < part.size();
    return found;
  };
  result.train = figures(parts.train);
  if (!cut && !parts.validation.empty()) result.validation = figures(parts.validation);
  if (!cut && !parts.test.empty()) result.test = figures(parts.test);
  if (cut) result.stop = SearchStop::interrupted;
}

}  // namespace

std::string_view name_of(SearchStop reason) {
  switch (reason) {
    case SearchStop::tries:
      return "tries";
    case SearchStop::diverged:
      return "diverged";
    case SearchStop::interrupted:
      return "interrupted";
  }
  return "unknown";
}

std::size_t automatic_candidates(Strategy strategy, std::size_t features, std::size_t classes) {
  if (strategy == Strategy::gradient) return 1;
  constexpr std::size_t bytes = 1536 << 10;
  const std::size_t scores = strategy == Strategy::local ? 10 : 160;
  const std::size_t by_weights = bytes / (4 * classes * std::max<std::size_t>(1, features));
  return std::max<std::size_t>(1, std::min(by_weights, scores / classes));
}

std::uint64_t search_bytes(const Dataset& data, const SearchOptions& options, std::size_t threads) {
  const std::size_t features = data.features();
  const std::size_t classes = data.classes();
  const bool gradient = options.strategy == Strategy::gradient;
  // The best weights and the model; of descent also two sets of parameters and the gradient.
  const std::uint64_t parameters = std::uint64_t{gradient ? 5U : 2U} * classes * (features + 1) * 4;
  // Row pointers and labels of the training and validation views, and the order of descent.
  const std::uint64_t per_example = gradient ? 12 + 8 : 12;
  const std::uint64_t evaluation =
      evaluation_bytes(Network(classes, features), data.cells(), data.size(), threads);
  const std::uint64_t attempts =
      gradient ? evaluation
               : Candidates::working_bytes(features, classes, candidates_of(options, data));
  return parameters + data.size() * per_example + std::max(attempts, evaluation) +
         figures_bytes(data);
}

SearchResult search(const Parts& given, const SearchOptions& options, Workers& workers,
                    std::span<SearchListener* const> listeners,
                    const std::atomic<bool>* interrupt) {
  options.validate();
  const Parts parts = agreeing(given);
  require_room(parts, options, workers.threads());
  Preprocessing preprocessing = Preprocessing::fit(options.preprocessing, parts.train, workers);
  SearchResult result{.plan = plan_of(parts, options, preprocessing, workers)};

  Record record(result.plan, listeners, interrupt);
  record.tell(SearchStarted{result.plan});
  try {
    result.message = make_attempts(result.plan, parts.train, preprocessing, record, workers);
  } catch (...) {
    if (record.improvements() > 0)
      record.tell(BestFound{classifier_of(parts, preprocessing, options, record.weights())});
    throw;
  }
  record.finish(result);
  if (!result.message.empty()) result.stop = SearchStop::diverged;

  result.model = classifier_of(parts, std::move(preprocessing), options, record.weights());
  record.tell(BestFound{result.model});
  evaluate_parts(parts, workers, interrupt, result);
  record.tell(SearchEnded{result});
  return result;
}

}  // namespace fallline
