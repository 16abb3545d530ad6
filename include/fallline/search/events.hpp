#pragma once

#include <cstdint>
#include <fallline/model/classifier.hpp>
#include <fallline/objective/measure.hpp>
#include <fallline/search/plan.hpp>
#include <variant>

namespace fallline {

struct Classifier;
struct SearchResult;

/// The search is about to begin.
struct SearchStarted {
  const SearchPlan& plan;
};

/// The objective was evaluated at weights that count as an attempt.
struct Attempt {
  std::uint64_t attempt = 0;  ///< t, from 1
  Measure measure;            ///< over all training examples
  double best = 0;            ///< the lowest objective so far, this one included
  bool improved = false;      ///< it is this one's
  double seconds = 0;         ///< since the search began
};

/// The attempts are over, and this is the model with the best weights: before it is evaluated, so
/// that nothing that takes long, or fails, stands between the weights and whoever keeps them. Also
/// told where the search ends with an error after it found some; SearchEnded does not follow then.
struct BestFound {
  const Classifier& model;
};

/// The search is over.
struct SearchEnded {
  const SearchResult& result;
};

using SearchEvent = std::variant<SearchStarted, Attempt, BestFound, SearchEnded>;

/// Someone who is told of a search's events as they happen.
class SearchListener {
 public:
  virtual ~SearchListener() = default;
  virtual void on(const SearchEvent& event) = 0;
};

}  // namespace fallline
