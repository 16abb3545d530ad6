#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/sampler.hpp>
#include <fallline/schedule/schedule.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

/// One evaluation of the function during a minimisation.
struct MinimizeStep {
  std::uint64_t step = 0;    ///< from 1
  double value = 0;          ///< f(w), before the update; of the batch where there are batches
  double gradient_norm = 0;  ///< ‖∇f(w)‖∞
  double rate = 0;           ///< α of the update; 0 in a line search
};

struct MinimizeOptions {
  double learning_rate = 0.01;       ///< α > 0; a line search does not ask for it
  Schedule schedule;                 ///< of α over max_steps; constant
  std::uint64_t max_steps = 10000;   ///< evaluations of the function, or of batches of it
  double gradient_tolerance = 1e-8;  ///< stops where ‖∇f‖∞ ≤ this
  double value_tolerance = 0;  ///< stops where |f − f'| ≤ this·|f|, f' a step (an epoch) before
  double step_tolerance = 0;  ///< stops where ‖w − w'‖ ≤ this·(‖w‖ + this); 0 in either: never
  double target = -std::numeric_limits<double>::infinity();  ///< stops where f ≤ this
  std::size_t batch_size = 1;                                ///< terms a step, of a mean of terms
  Sampling sampling = Sampling::shuffle;
  std::uint64_t seed = 1;
  bool keep_history = true;
  std::function<bool(const MinimizeStep&)> watch;  ///< called at every step; false ends
  Workers* workers = nullptr;                      ///< for the update; none: one thread

  /// @throws Error(usage) naming the first setting out of its bounds.
  void validate() const;
};

/// Why a minimisation ended: the first of these rules that holds. They look at the point of every
/// step; with a line search at the trials that lower f or are taken, and f' and w' are those of the
/// point taken before; with batches at the whole function, at the start and after every epoch.
enum class Termination : std::uint8_t {
  not_finite,      ///< f or ∇f is NaN or infinite; in a line search: at the start
  gradient,        ///< ‖∇f‖∞ ≤ gradient_tolerance
  target,          ///< f ≤ target
  value,           ///< |f − f'| ≤ value_tolerance·|f|
  step,            ///< ‖w − w'‖ ≤ step_tolerance·(‖w‖ + step_tolerance)
  max_steps,       ///< max_steps are done
  asked,           ///< `watch` returned false
  no_lower_value,  ///< the line search found none: the minimum, to rounding
};

[[nodiscard]] std::string_view name_of(Termination why);

/// What a minimisation found.
template <class T>
struct Minimum {
  /// The best point seen, not the last: the lowest value, and of values that are equal to the
  /// rounding of T the one with the smallest gradient.
  std::vector<T> w;
  double value = 0;          ///< f there
  double gradient_norm = 0;  ///< ‖∇f‖∞ there
  Termination why = Termination::max_steps;
  std::uint64_t best_step = 0;  ///< at which it was seen; with batches: after which, 0 the start
  std::uint64_t steps = 0;      ///< evaluations of the function, or of batches of it
  std::uint64_t epochs = 0;     ///< begun, of a mean of terms
  /// Of the whole function, value and gradient together; with batches one at the start and one at
  /// the end of every epoch.
  std::uint64_t evaluations = 0;
  std::uint64_t terms = 0;  ///< evaluated in batches
  double seconds = 0;
  std::vector<MinimizeStep> history;

  [[nodiscard]] bool converged() const {
    return why == Termination::gradient || why == Termination::target ||
           why == Termination::value || why == Termination::step ||
           why == Termination::no_lower_value;
  }

  /// One line: value, gradient, reason, counts.
  [[nodiscard]] std::string summary() const;
  /// Several lines: the summary, the rule that ended it, the history thinned out geometrically.
  [[nodiscard]] std::string report() const;
};

extern template struct Minimum<float>;
extern template struct Minimum<double>;

}  // namespace fallline
