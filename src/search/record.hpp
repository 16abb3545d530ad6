#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <fallline/search/search.hpp>
#include <span>
#include <vector>

namespace fallline {

/// The attempts of a search: counts and tells them, and keeps the best.
class Record {
 public:
  Record(const SearchPlan& plan, std::span<SearchListener* const> listeners,
         const std::atomic<bool>* interrupt);

  /// Tries that are left; 0 once the search was interrupted.
  [[nodiscard]] std::uint64_t left() const;
  [[nodiscard]] std::uint64_t attempts() const { return attempts_; }
  /// Attempts that were the best so far.
  [[nodiscard]] std::uint64_t improvements() const { return improvements_; }

  /// Takes the next attempt; true where it is the best so far, and its weights are to be put into
  /// `weights()`. An objective that is no finite number never is.
  [[nodiscard]] bool take(const Measure& measure);

  /// The weights of the best attempt, P.
  [[nodiscard]] std::span<float> weights() { return weights_; }
  [[nodiscard]] std::span<const float> weights() const { return weights_; }

  /// Counts evaluations that are no attempts.
  void discard(std::uint64_t evaluations) { discarded_ += evaluations; }

  /// Fills in what `result` says of the search. @throws Error(diverged) where there is no best
  void finish(SearchResult& result) const;

  void tell(const SearchEvent& event) const;

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] double seconds() const;

  const SearchPlan& plan_;
  std::span<SearchListener* const> listeners_;
  const std::atomic<bool>* interrupt_;
  Clock::time_point began_ = Clock::now();
  std::vector<float> weights_;
  Measure best_;
  std::uint64_t attempts_ = 0;
  std::uint64_t best_attempt_ = 0;
  std::uint64_t improvements_ = 0;
  std::uint64_t discarded_ = 0;
};

}  // namespace fallline
