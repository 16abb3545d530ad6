#include "landscape/path_recorder.hpp"

#include <algorithm>
#include <cmath>

namespace fallline::landscape {

void PathRecorder::on(const Event& event) {
  if (const auto* started = std::get_if<RunStarted>(&event)) planned_ = started->plan.steps();
  if (const auto* taken = std::get_if<StepTaken>(&event)) take(*taken);
}

void PathRecorder::take(const StepTaken& taken) {
  const std::uint64_t done = taken.step - 1;
  if (start_.empty()) start_.assign(taken.parameters.begin(), taken.parameters.end());
  if (done >= wanted()) keep(taken.parameters, done, seen_);
  while (next_ < most_ && wanted() <= done) ++next_;
  seen_ = taken.examples;
}

void PathRecorder::finish(const TrainResult& result, std::span<const float> weights) {
  if (start_.empty() || (!steps_.empty() && steps_.back() >= result.steps)) return;
  keep(weights, result.steps, seen_);
}

void PathRecorder::keep(std::span<const float> w, std::uint64_t steps, std::uint64_t examples) {
  std::vector<float> displacement(w.size());
  for (std::size_t i = 0; i < w.size(); ++i)
    displacement[i] =
        static_cast<float>(static_cast<double>(w[i]) - static_cast<double>(start_[i]));
  // A run that diverges leaves the picture where its weights are no longer numbers.
  if (!std::ranges::all_of(displacement, [](float x) { return std::isfinite(x); })) return;
  displacements_.push_back(std::move(displacement));
  steps_.push_back(steps);
  examples_.push_back(examples);
}

std::uint64_t PathRecorder::wanted() const {
  const double share = static_cast<double>(next_) / static_cast<double>(most_ - 1);
  return static_cast<std::uint64_t>(std::llround(static_cast<double>(planned_) * share * share));
}

}  // namespace fallline::landscape
