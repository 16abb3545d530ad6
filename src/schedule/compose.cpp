#include <fallline/error.hpp>
#include <fallline/schedule/compose.hpp>

#include "checked_size.hpp"

namespace fallline {
namespace schedule {

std::uint64_t Length::in_steps(std::uint64_t steps_per_epoch) const {
  return sum(product(epochs, steps_per_epoch), steps);
}

void Lasting::validate() const {
  if ((length.steps == 0) == (length.epochs == 0))
    throw usage_error("the length of " + schedule.text() + " is not one number of steps or epochs",
                      "give steps=N or epochs=N, from 1");
  if (schedule.length() || schedule.target<Then>() != nullptr)
    throw usage_error(schedule.text() + " has a length already, or parts with one",
                      "give a length to each part, once");
}

double Lasting::operator()(double base, const Moment& now) const {
  return schedule.rate(base, now.within(length.in_steps(now.steps_per_epoch)));
}

void Then::validate() const {
  if (!first.length())
    throw usage_error("'" + first.text() + "' does not end, and something is to follow it",
                      "give it steps=N or epochs=N");
}

double Then::operator()(double base, const Moment& now) const {
  const std::uint64_t joint = first.length().value_or(Length{}).in_steps(now.steps_per_epoch);
  return now.step <= joint ? first.rate(base, now) : second.rate(base, now.after(joint));
}

Schedule lasting(Schedule schedule, const Length& length) {
  return Lasting{.schedule = std::move(schedule), .length = length};
}

Schedule then(Schedule first, Schedule second) {
  return Then{.first = std::move(first), .second = std::move(second)};
}

}  // namespace schedule

double Schedule::rate(double base, const schedule::Moment& now) const {
  if (now.step == 0 || now.steps_per_epoch == 0)
    throw usage_error("a rate is asked for at no step, or with no steps an epoch",
                      "steps count from 1");
  return rule_->rate(base, now);
}

std::optional<schedule::Length> Schedule::length() const {
  if (const auto* lasting = target<schedule::Lasting>()) return lasting->length;
  const auto* then = target<schedule::Then>();
  if (then == nullptr) return std::nullopt;
  const auto first = then->first.length();
  const auto second = then->second.length();
  if (!first || !second) return std::nullopt;
  return schedule::Length{.steps = sum(first->steps, second->steps),
                          .epochs = sum(first->epochs, second->epochs)};
}

}  // namespace fallline
