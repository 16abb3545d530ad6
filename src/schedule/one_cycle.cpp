#include <fallline/schedule/bounds.hpp>
#include <fallline/schedule/one_cycle.hpp>

namespace fallline::schedule {

void OneCycle::validate() const {
  require(start > 0 && start <= 1, "start of one-cycle", start, "above 0 and at most 1");
  require(cycle > 0 && cycle <= 1, "cycle of one-cycle", cycle, "above 0 and at most 1");
  require(final >= 0 && final <= start, "final of one-cycle", final, "from 0 to start");
}

double OneCycle::operator()(double base, const Moment& now) const {
  const double x = now.progress();
  const double half = cycle / 2;
  if (x <= half) return base * (start + (1 - start) * (x / half));
  if (x <= cycle) return base * (start + (1 - start) * ((cycle - x) / half));
  return base * (final + (start - final) * ((1 - x) / (1 - cycle)));
}

}  // namespace fallline::schedule
