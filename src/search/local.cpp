#include <algorithm>

#include "search/draws.hpp"
#include "search/strategies.hpp"

namespace fallline {
namespace {

/// Whether there is something to go on from.
bool evaluate_start(const SearchPlan& plan, Candidates& candidates, Record& record) {
  const Random draws = draws_of(plan, 1);
  candidates.resize(1);
  candidates.draw([&](std::size_t, std::size_t i) {
    return static_cast<float>(plan.options.start * draws.normal(i));
  });
  if (!record.take(candidates.measure().front())) return false;
  candidates.copy(0, record.weights());
  return true;
}

/// Proposals from the present weights in one pass, up to the first that is accepted; returns how
/// many were taken as attempts.
std::size_t propose(const SearchPlan& plan, std::size_t count, Candidates& candidates,
                    Record& record) {
  const std::uint64_t first = record.attempts() + 1;
  const std::span<const float> weights = record.weights();
  candidates.resize(count);
  candidates.draw([&](std::size_t k, std::size_t i) {
    const double step = plan.options.step * draws_of(plan, first + k).normal(i);
    return weights[i] + static_cast<float>(step);
  });
  const std::span<const Measure> found = candidates.measure();
  for (std::size_t k = 0; k < count; ++k) {
    if (!record.take(found[k])) continue;
    candidates.copy(k, record.weights());
    record.discard(count - k - 1);
    return k + 1;
  }
  return count;
}

}  // namespace

void search_locally(const SearchPlan& plan, Candidates& candidates, Record& record) {
  if (!evaluate_start(plan, candidates, record)) return;
  // As many as it lately took until one was accepted: few are thrown away.
  std::uint64_t lately = 1;
  std::uint64_t since = 0;
  while (record.left() > 0) {
    const std::size_t count = std::min({std::uint64_t{plan.candidates}, lately, record.left()});
    const std::uint64_t improvements = record.improvements();
    since += propose(plan, count, candidates, record);
    const bool accepted = record.improvements() > improvements;
    lately = accepted ? since : std::max(lately, since + 1);
    if (accepted) since = 0;
  }
}

}  // namespace fallline
