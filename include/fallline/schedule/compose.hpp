#pragma once

#include <fallline/schedule/schedule.hpp>

namespace fallline::schedule {

/// A schedule with an end: its horizon is its length, and afterwards its last rate stays.
struct Lasting {
  Schedule schedule;
  Length length;  ///< steps or epochs, ≥ 1

  /// @throws Error(usage), also where `schedule` has an end or parts of its own.
  void validate() const;
  double operator()(double base, const Moment& now) const;
};

/// One schedule after another: `first` for its length, then `second` on a clock of its own, whose
/// step 1 and epoch 1 begin there and whose horizon is what is left of the run.
struct Then {
  Schedule first;
  Schedule second;

  /// @throws Error(usage) where `first` has no length.
  void validate() const;
  double operator()(double base, const Moment& now) const;
};

/// `lasting(WarmUp{}, {.steps = 500})`
[[nodiscard]] Schedule lasting(Schedule schedule, const Length& length);

/// `then(lasting(WarmUp{}, {.epochs = 5}), Cosine{})`
[[nodiscard]] Schedule then(Schedule first, Schedule second);

}  // namespace fallline::schedule
