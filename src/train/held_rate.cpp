#include "train/held_rate.hpp"

#include <algorithm>
#include <fallline/objective/batch_objective.hpp>

#include "train/descent.hpp"
#include "train/initial_weights.hpp"

namespace fallline {
namespace {

/// The loss at the first step, and over the last epoch.
class Losses : public Listener {
 public:
  void on(const Event& event) override {
    const auto* step = std::get_if<StepTaken>(&event);
    if (step != nullptr && step->step == 1) first_ = step->measure.objective();
    if (const auto* ended = std::get_if<EpochEnded>(&event)) last_ = ended->training.objective();
  }
  [[nodiscard]] bool fell() const { return last_ <= first_; }

 private:
  double first_ = 0;
  double last_ = 0;
};

bool holds(const Plan& plan, const Parts& parts, const Preprocessing& preprocessing,
           Workers& workers, const std::atomic<bool>* interrupt) {
  const TrainOptions& o = plan.options;
  BatchObjective objective(parts.train, preprocessing, o.loss, o.penalty, workers, plan.arithmetic);
  Losses losses;
  Listener* const listeners[] = {&losses};
  TrainResult trial{.plan = plan};
  Descent descent(trial.plan, objective, nullptr, initial_weights(parts.train, o), listeners,
                  interrupt, workers);
  descent.run(trial);
  return trial.stop == StopReason::epochs && losses.fell();
}

}  // namespace

std::optional<double> held_rate(const TrainResult& diverged, const Parts& parts,
                                const Preprocessing& preprocessing, Workers& workers,
                                const std::atomic<bool>* interrupt) {
  constexpr int most = 12;
  constexpr std::uint64_t most_epochs = 3;
  Plan plan = diverged.plan;
  if (plan.rate_source == RateSource::line_search) return std::nullopt;
  plan.epochs = std::min(diverged.epochs + 1, most_epochs);
  plan.options.patience = 0;
  bool held = false;
  for (int k = 0; k < most; ++k) {
    plan.learning_rate /= 3;
    const bool holds_here = holds(plan, parts, preprocessing, workers, interrupt);
    if (interrupt != nullptr && interrupt->load(std::memory_order_relaxed)) return std::nullopt;
    if (holds_here && held) return plan.learning_rate;
    held = holds_here;
  }
  return std::nullopt;
}

}  // namespace fallline
