#include <cmath>
#include <fallline/error.hpp>
#include <fallline/schedule/bounds.hpp>
#include <fallline/schedule/preview.hpp>
#include <string>

namespace fallline {

void Preview::validate() const {
  const auto require_some = [](const char* field, std::uint64_t value) {
    if (value == 0) throw usage_error(std::string(field) + " is 0", "it must be at least 1");
  };
  schedule::require(std::isfinite(learning_rate) && learning_rate > 0, "learning rate",
                    learning_rate, "finite and above 0");
  require_some("epochs", epochs);
  require_some("steps per epoch", steps_per_epoch);
  require_some("every", every);
  std::uint64_t all = 0;
  if (__builtin_mul_overflow(epochs, steps_per_epoch, &all))
    throw usage_error("there are too many steps to count", "give fewer epochs or steps per epoch");
}

void preview(const Schedule& schedule, const Preview& run,
             const std::function<void(const RatePoint&)>& sink) {
  run.validate();
  schedule::Moment now{
      .step = 1, .steps_per_epoch = run.steps_per_epoch, .steps = run.steps(), .losses = {}};
  const auto tell = [&] { sink({now.step, now.epoch(), schedule.rate(run.learning_rate, now)}); };
  tell();
  for (; now.steps - now.step > run.every; tell()) now.step += run.every;
  if (now.step == now.steps) return;
  now.step = now.steps;
  tell();
}

std::uint64_t readable_interval(std::uint64_t steps) {
  constexpr std::uint64_t most_rows = 25;
  for (std::uint64_t unit = 1;; unit *= 10)
    for (const std::uint64_t digit : {1, 2, 5})
      if (steps / (digit * unit) <= most_rows) return digit * unit;
}

}  // namespace fallline
