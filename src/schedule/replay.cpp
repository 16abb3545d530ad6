#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/schedule/bounds.hpp>
#include <fallline/schedule/replay.hpp>

namespace fallline::schedule {

void Replay::validate() const {
  if (changes.empty())
    throw usage_error("a replay has no changes", "give it one (step, rate) at least");
  std::uint64_t last = 0;
  for (const RateChange& change : changes) {
    require(change.step > last, "a step of replay", static_cast<double>(change.step),
            "at least 1, and above the one before it");
    require(std::isfinite(change.rate) && change.rate >= 0, "a rate of replay", change.rate,
            "finite and at least 0");
    last = change.step;
  }
}

double Replay::operator()(double base, const Moment& now) const {
  const auto later = std::ranges::upper_bound(changes, now.step, {}, &RateChange::step);
  return later == changes.begin() ? base : std::prev(later)->rate;
}

}  // namespace fallline::schedule
