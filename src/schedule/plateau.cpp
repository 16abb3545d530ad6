#include <cmath>
#include <fallline/schedule/bounds.hpp>
#include <fallline/schedule/plateau.hpp>
#include <limits>

namespace fallline::schedule {

void Plateau::validate() const {
  require(factor > 0 && factor < 1, "factor of plateau", factor, "above 0 and below 1");
  require(patience >= 1, "patience of plateau", static_cast<double>(patience), "at least 1");
  require(threshold >= 0 && threshold < 1, "threshold of plateau", threshold,
          "at least 0 and below 1");
}

double Plateau::operator()(double base, const Moment& now) const {
  double limit = std::numeric_limits<double>::infinity();  // a loss below it is a better one
  std::uint64_t waited = 0;
  double drops = 0;
  for (const double loss : now.losses) {
    if (loss < limit) {
      limit = loss - threshold * std::abs(loss);
      waited = 0;
    } else if (++waited == patience) {
      ++drops;
      waited = 0;
    }
  }
  return base * std::pow(factor, drops);
}

}  // namespace fallline::schedule
