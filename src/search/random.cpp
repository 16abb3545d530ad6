#include <algorithm>

#include "search/draws.hpp"
#include "search/strategies.hpp"

namespace fallline {

void search_at_random(const SearchPlan& plan, Candidates& candidates, Record& record) {
  while (record.left() > 0) {
    const std::uint64_t first = record.attempts() + 1;
    candidates.resize(std::min<std::uint64_t>(plan.candidates, record.left()));
    candidates.draw([&](std::size_t k, std::size_t i) {
      return static_cast<float>(plan.options.scale * draws_of(plan, first + k).normal(i));
    });
    std::size_t k = 0;
    for (const Measure& found : candidates.measure()) {
      if (record.take(found)) candidates.copy(k, record.weights());
      ++k;
    }
  }
}

}  // namespace fallline
