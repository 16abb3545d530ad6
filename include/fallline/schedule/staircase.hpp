#pragma once

#include <cstdint>
#include <fallline/schedule/moment.hpp>
#include <vector>

namespace fallline::schedule {

/// A staircase:  α = α0 · factor^d, with d the drops so far.
///
/// The rate drops after every `every` epochs, or after each of the epochs `at`: with `every` = 10
/// as with `at` = {10, 20, …} epoch 10 is the last at α0, and epoch 11 the first at α0·factor.
struct Staircase {
  std::uint64_t every = 0;        ///< ≥ 1; or 0, where `at` names the epochs
  std::vector<std::uint64_t> at;  ///< ascending, from 1
  double factor = 0.5;            ///< > 0

  /// @throws Error(usage), also where neither or both of `every` and `at` are set.
  void validate() const;
  double operator()(double base, const Moment& now) const;
};

}  // namespace fallline::schedule
