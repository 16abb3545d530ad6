#include "search/record.hpp"

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>

namespace fallline {

Record::Record(const SearchPlan& plan, std::span<SearchListener* const> listeners,
               const std::atomic<bool>* interrupt)
    : plan_(plan), listeners_(listeners), interrupt_(interrupt), weights_(plan.parameters) {}

std::uint64_t Record::left() const {
  const bool interrupted = interrupt_ != nullptr && interrupt_->load(std::memory_order_relaxed);
  // There is something to keep only after the first pass.
  return interrupted && attempts_ > 0 ? 0 : plan_.options.tries - attempts_;
}

bool Record::take(const Measure& measure) {
  ++attempts_;
  const double objective = measure.objective();
  const bool improved =
      std::isfinite(objective) && (best_attempt_ == 0 || objective < best_.objective());
  if (improved) {
    best_ = measure;
    best_attempt_ = attempts_;
    ++improvements_;
  }
  tell(Attempt{.attempt = attempts_,
               .measure = measure,
               .best = best_attempt_ == 0 ? objective : best_.objective(),
               .improved = improved,
               .seconds = seconds()});
  return improved;
}

void Record::finish(SearchResult& result) const {
  if (best_attempt_ == 0)
    throw Error(ErrorKind::diverged, "not one attempt has a finite loss",
                "look for cells that are no numbers, or draw smaller weights");
  result.attempts = attempts_;
  result.best_attempt = best_attempt_;
  result.improvements = improvements_;
  result.discarded = discarded_;
  result.best = best_;
  result.seconds = seconds();
  if (attempts_ < plan_.options.tries) result.stop = SearchStop::interrupted;
}

double Record::seconds() const {
  return std::chrono::duration<double>(Clock::now() - began_).count();
}

void Record::tell(const SearchEvent& event) const {
  for (SearchListener* listener : listeners_) listener->on(event);
}

}  // namespace fallline
