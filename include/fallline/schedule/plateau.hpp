#pragma once

#include <cstdint>
#include <fallline/schedule/moment.hpp>

namespace fallline::schedule {

/// Reduces the rate where the watched loss stops falling:  α = α0 · factor^d.
///
/// d counts the times that `patience` epochs in a row brought no loss below
/// best − threshold·|best|; the count of epochs begins anew after each. A function of all losses so
/// far, worked out anew at each call: O(epochs).
struct Plateau {
  double factor = 0.5;         ///< 0 < factor < 1
  std::uint64_t patience = 3;  ///< epochs, ≥ 1
  double threshold = 1e-4;     ///< 0 ≤ threshold < 1

  void validate() const;
  double operator()(double base, const Moment& now) const;
};

}  // namespace fallline::schedule
