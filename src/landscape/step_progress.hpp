#pragma once

#include <cstdint>
#include <fallline/train/events.hpp>
#include <functional>

namespace fallline::landscape {

/// Tells what share of a run's steps is done.
class StepProgress : public Listener {
 public:
  /// @param told  empty: nobody; must outlive the listener
  explicit StepProgress(const std::function<void(double)>& told) : told_(told) {}

  void on(const Event& event) override {
    if (const auto* started = std::get_if<RunStarted>(&event)) steps_ = started->plan.steps();
    const auto* taken = std::get_if<StepTaken>(&event);
    if (taken != nullptr && told_)
      told_(static_cast<double>(taken->step) / static_cast<double>(steps_));
  }

 private:
  const std::function<void(double)>& told_;
  std::uint64_t steps_ = 1;
};

}  // namespace fallline::landscape
