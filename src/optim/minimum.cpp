#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/optim/link.hpp>
#include <fallline/optim/minimum.hpp>

#include "names.hpp"

namespace fallline {
namespace {

constexpr Names<Termination, 8> terminations{"termination",
                                             {{{Termination::not_finite, "not-finite"},
                                               {Termination::gradient, "gradient"},
                                               {Termination::target, "target"},
                                               {Termination::value, "value"},
                                               {Termination::step, "step"},
                                               {Termination::max_steps, "max-steps"},
                                               {Termination::asked, "asked"},
                                               {Termination::no_lower_value, "no-lower-value"}}}};

std::string_view rule_of(Termination why, bool at_start) {
  switch (why) {
    case Termination::not_finite:
      return at_start ? "f or its gradient is NaN or infinite at the start"
                      : "f or its gradient is NaN or infinite: lower the learning rate";
    case Termination::gradient:
      return "max |gradient| <= gradient_tolerance";
    case Termination::target:
      return "f <= target";
    case Termination::value:
      return "|f - f'| <= value_tolerance |f|";
    case Termination::step:
      return "|w - w'| <= step_tolerance (|w| + step_tolerance)";
    case Termination::max_steps:
      return "max_steps are done: raise them, or the learning rate";
    case Termination::asked:
      return "watch returned false";
    case Termination::no_lower_value:
      return "the line search finds no lower value: this is the minimum, to rounding";
  }
  return "";
}

/// The history, its rows thinned out geometrically; without a rate where a search finds the steps.
std::string table_of(const std::vector<MinimizeStep>& history) {
  if (history.empty()) return {};
  const bool rates = history.front().rate > 0;
  std::string text = fmt::format("\n{:>10} {:>16} {:>12}{}\n", "step", "value", "gradient",
                                 rates ? "         rate" : "");
  std::uint64_t next = 1;
  for (const MinimizeStep& s : history) {
    if (s.step < next && &s != &history.back()) continue;
    text += fmt::format("{:>10} {:>16.9g} {:>12.4g}", s.step, s.value, s.gradient_norm);
    text += rates ? fmt::format(" {:>12.4g}\n", s.rate) : "\n";
    while (next <= s.step) next = std::max(next + 1, next * 3 / 2);
  }
  return text;
}

}  // namespace

std::string_view name_of(Termination why) { return terminations.name_of(why); }

void MinimizeOptions::validate() const {
  if (!(std::isfinite(learning_rate) && learning_rate > 0))
    throw usage_error(fmt::format("learning rate is {}", learning_rate),
                      "it must be finite and above 0");
  if (max_steps == 0) throw usage_error("max steps is 0", "it must be at least 1");
  optim::require_not_negative(gradient_tolerance, "gradient tolerance");
  optim::require_not_negative(value_tolerance, "value tolerance");
  optim::require_not_negative(step_tolerance, "step tolerance");
  if (std::isnan(target)) throw usage_error("target is NaN", "it must be a number");
}

template <class T>
std::string Minimum<T>::summary() const {
  return fmt::format("{:.9g}, max |gradient| {:.3g}, at step {} of {}: {}", value, gradient_norm,
                     best_step, steps, name_of(why));
}

template <class T>
std::string Minimum<T>::report() const {
  const bool at_start = !std::isfinite(value) || !std::isfinite(gradient_norm);
  std::string text = fmt::format(
      "minimum     {:.9g} at step {}, max |gradient| {:.3g}\n"
      "stopped     {}: {}\n"
      "steps       {} in {:.3g} s\n",
      value, best_step, gradient_norm, name_of(why), rule_of(why, at_start), steps, seconds);
  if (epochs > 0)
    text += fmt::format("batches     {} epochs, {} terms, and {} evaluations of the whole\n",
                        epochs, terms, evaluations);
  return text + table_of(history);
}

template struct Minimum<float>;
template struct Minimum<double>;

}  // namespace fallline
