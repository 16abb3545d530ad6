#pragma once

#include <atomic>
#include <chrono>
#include <fallline/data/sampler.hpp>
#include <fallline/objective/batch_objective.hpp>
#include <fallline/optim/optimizer.hpp>
#include <fallline/train/events.hpp>
#include <fallline/train/train.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "aligned.hpp"

namespace fallline {

/// The loop: measure a batch, update, report; and at the end of an epoch validate and keep the
/// best.
class Descent {
 public:
  Descent(const Plan& plan, BatchObjective& training, BatchObjective* validation,
          std::span<const float> start, std::span<Listener* const> listeners,
          const std::atomic<bool>* interrupt, Workers& workers);

  /// Descends until a reason to stop; fills in what `result` says of the descent.
  void run(TrainResult& result);

  /// The weights the run leaves.
  [[nodiscard]] std::span<const float> weights() const { return best_.empty() ? now_ : best_; }
  /// Updates that they are made of.
  [[nodiscard]] std::uint64_t updates() const { return updates_; }
  /// That of the first batch at the first weights.
  [[nodiscard]] double first_objective() const { return first_objective_; }

 private:
  using Clock = std::chrono::steady_clock;

  std::optional<StopReason> run_epoch();
  std::optional<StopReason> end_epoch();
  /// Takes step k of the epoch.
  void measure_and_update(std::size_t k);
  void move_on();
  void step_back();
  void watch_cost();
  [[nodiscard]] double rate_now() const;
  void report_step();
  void keep_if_best(EpochEnded& ended);
  void keep_if_lowest();
  [[nodiscard]] bool finite() const;
  [[nodiscard]] bool on_trial() const;
  [[nodiscard]] Measure validate();
  void tell(const Event& event);

  const Plan& plan_;
  BatchObjective& training_;
  BatchObjective* validation_;
  std::span<Listener* const> listeners_;
  const std::atomic<bool>* interrupt_;
  Workers& workers_;
  Schedule schedule_;
  std::unique_ptr<Optimizer<float>> optimizer_;
  Sampler sampler_;

  AlignedVector<float> now_;       // the weights
  AlignedVector<float> before_;    // those before the last update, or after the next
  AlignedVector<float> gradient_;  // empty where the update is made in parts
  /// Empty where the optimizer needs the whole gradient.
  std::function<void(std::size_t, std::span<const float>)> update_part_;
  AlignedVector<float> best_;  // empty until an epoch was validated, or a search began
  double best_loss_ = 0;
  double first_objective_ = 0;
  std::uint64_t best_epoch_ = 0;

  std::uint64_t epoch_ = 0;
  std::uint64_t step_ = 0;     // the step being taken
  std::uint64_t updates_ = 0;  // updates that stand
  std::uint64_t examples_ = 0;
  std::uint64_t rises_ = 0;
  std::optional<double> last_cost_;
  StepTaken taken_;
  std::vector<double> losses_;  // that the schedule watches, an epoch each
  Measure epoch_sum_;           // losses weighted by the examples of their batch
  double step_seconds_ = 0;
};

}  // namespace fallline
