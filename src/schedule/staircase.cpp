#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/schedule/bounds.hpp>
#include <fallline/schedule/staircase.hpp>

namespace fallline::schedule {

void Staircase::validate() const {
  require(std::isfinite(factor) && factor > 0, "factor of staircase", factor, "finite and above 0");
  if ((every == 0) == at.empty())
    throw usage_error(every == 0 ? "a staircase needs its steps: neither every nor at is set"
                                 : "a staircase has both every and at",
                      "give every=N epochs, from 1, or the epochs, as in at=30/60");
  std::uint64_t last = 0;
  for (const std::uint64_t epoch : at) {
    require(epoch > last, "an epoch in at of staircase", static_cast<double>(epoch),
            "at least 1, and above the one before it");
    last = epoch;
  }
}

double Staircase::operator()(double base, const Moment& now) const {
  const std::uint64_t over = now.epoch() - 1;
  const auto named = static_cast<std::uint64_t>(std::ranges::upper_bound(at, over) - at.begin());
  const std::uint64_t drops = every == 0 ? named : over / every;
  return base * std::pow(factor, static_cast<double>(drops));
}

}  // namespace fallline::schedule
