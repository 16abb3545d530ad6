#pragma once

#include <atomic>
#include <cstdint>
#include <fallline/data/parts.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/objective/evaluation.hpp>
#include <fallline/objective/measure.hpp>
#include <fallline/search/events.hpp>
#include <fallline/search/options.hpp>
#include <fallline/search/plan.hpp>
#include <fallline/workers.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fallline {

/// Why a search ended.
enum class SearchStop : std::uint8_t {
  tries,        ///< all tries are made
  diverged,     ///< descent at too high a rate: the objective is no finite number
  interrupted,  ///< the caller asked for it
};

[[nodiscard]] std::string_view name_of(SearchStop reason);

/// What a search leaves.
struct SearchResult {
  SearchPlan plan;
  Classifier model;  ///< with the weights of the best attempt
  SearchStop stop = SearchStop::tries;
  std::string message;  ///< of a diverged search: what happened, and what to do
  std::uint64_t attempts = 0;
  std::uint64_t best_attempt = 0;
  std::uint64_t improvements = 0;  ///< attempts that were the best so far, the first among them
  /// Evaluations beside the attempts: of proposals from weights that an earlier proposal of the
  /// same pass replaced.
  std::uint64_t discarded = 0;
  Measure best;        ///< of the best attempt
  double seconds = 0;  ///< of the search, without reading and the evaluations below
  Evaluation train;    ///< of the model on the training part
  std::optional<Evaluation> validation;
  std::optional<Evaluation> test;
};

/// Tries T weights of a linear classifier and keeps those with the lowest objective L(W, b) over
/// all of `parts.train`; the other parts are looked at once, at the end.
///
/// An attempt is one evaluation over all examples. With the gradient it is the evaluation of loss
/// and gradient together at W_t, twice the arithmetic of a loss alone. Local search and descent
/// begin by evaluating W_1 and so make T − 1 proposals or steps.
///
/// Many candidates share a pass over the data. Local search proposes several from the same W and
/// takes the first that lowers the objective; what it proposed after that one is thrown away, so
/// that the result is that of one proposal at a time.
///
/// The same parts, options and instruction set give the same bits, whatever the threads and
/// `candidates`.
///
/// @param listeners  told of every event, in order, on the calling thread
/// @param interrupt  looked at after every pass over the data; true ends the search
/// @throws Error(usage) for options out of bounds; Error(not_enough_memory) before it starts;
///         Error(diverged) where not one attempt has a finite objective
[[nodiscard]] SearchResult search(const Parts& parts, const SearchOptions& options,
                                  Workers& workers, std::span<SearchListener* const> listeners = {},
                                  const std::atomic<bool>* interrupt = nullptr);

}  // namespace fallline
