#pragma once

#include <concepts>
#include <cstdint>
#include <fallline/schedule/constant.hpp>
#include <fallline/schedule/moment.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace fallline {

namespace schedule {

/// What a schedule is made of: a function from the base rate α0 and a moment to the rate. It holds
/// nothing that changes, so that it may be asked in any order. Where it has a `validate()`, that
/// throws Error(usage) naming the first setting out of its bounds.
template <class R>
concept Rule = requires(const R& rule, double base, const Moment& now) {
  { rule(base, now) } -> std::convertible_to<double>;
};

/// How long a schedule lasts: its steps and its epochs together.
struct Length {
  std::uint64_t steps = 0;
  std::uint64_t epochs = 0;

  /// In steps; the largest number where that overflows.
  [[nodiscard]] std::uint64_t in_steps(std::uint64_t steps_per_epoch) const;
  bool operator==(const Length&) const = default;
};

}  // namespace schedule

/// A learning-rate schedule: any rule, of the library or of one's own, as one immutable value.
///
///     Schedule s = schedule::Cosine{.final = 0.1};
///     Schedule t = [](double base, const schedule::Moment& now) { return base / now.epoch(); };
///
/// Copies share the rule.
class Schedule {
 public:
  /// Constant.
  Schedule() : Schedule(schedule::Constant{}) {}

  /// @throws Error(usage) where a setting of the rule is out of its bounds.
  template <schedule::Rule R>
  Schedule(R rule) {
    if constexpr (requires { rule.validate(); }) rule.validate();
    rule_ = std::make_shared<const Held<R>>(std::move(rule));
  }

  /// The learning rate at a moment, from the base rate α0.
  /// @throws Error(usage) where `now` has no step or no steps an epoch.
  [[nodiscard]] double rate(double base, const schedule::Moment& now) const;

  /// The rule, where it is an R; else null.
  template <schedule::Rule R>
  [[nodiscard]] const R* target() const {
    const auto* held = dynamic_cast<const Held<R>*>(rule_.get());
    return held == nullptr ? nullptr : &held->rule;
  }

  /// How long it lasts, where it ends before the run (compose.hpp).
  [[nodiscard]] std::optional<schedule::Length> length() const;

  /// The text that `parse_schedule` reads back, with every setting: "cosine:final=0.01". A rule of
  /// one's own is "user-defined", which is not read back.
  [[nodiscard]] std::string text() const;

 private:
  struct Function {
    virtual ~Function() = default;
    [[nodiscard]] virtual double rate(double base, const schedule::Moment& now) const = 0;
  };
  template <class R>
  struct Held final : Function {
    explicit Held(R r) : rule(std::move(r)) {}
    [[nodiscard]] double rate(double base, const schedule::Moment& now) const override {
      return rule(base, now);
    }
    R rule;
  };

  std::shared_ptr<const Function> rule_;
};

}  // namespace fallline
