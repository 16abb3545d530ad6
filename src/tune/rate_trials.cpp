#include "tune/rate_trials.hpp"

#include <algorithm>
#include <cmath>
#include <fallline/train/train.hpp>
#include <fallline/tune/steps.hpp>
#include <limits>

namespace fallline::tune {
namespace {

constexpr std::size_t least_steps = 200;
constexpr std::size_t most_trials = 24;
constexpr int per_decade = 4;

std::size_t epochs_of(const RateSweepOptions& options, std::size_t examples) {
  const std::size_t batch = resolve_batch_size(options.training.batch_size, examples);
  const std::size_t steps = (examples + batch - 1) / batch;
  return std::max(options.trial_epochs, (least_steps + steps - 1) / steps);
}

}  // namespace

RateTrials::RateTrials(const Parts& parts, const RateSweepOptions& options, Workers& workers,
                       const std::function<void(const RateTrial&)>& told,
                       const std::atomic<bool>* interrupt)
    : parts_{.train = parts.train, .validation = parts.validation},
      training_(options.training),
      workers_(workers),
      told_(told),
      interrupt_(interrupt) {
  training_.epochs = epochs_of(options, parts.train.size());
  training_.seek_held_rate = false;
  training_.patience = 0;
}

double RateTrials::loss_at(int k) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (const auto known = losses_.find(k); known != losses_.end()) return known->second;
  if (interrupted_ || trials_.size() == most_trials) return infinite;
  RateTrial trial{.rate = in_six_digits(first_ * std::pow(10, double(k) / per_decade)),
                  .epochs = training_.epochs};
  training_.learning_rate = trial.rate;
  const TrainResult result = train(parts_, training_, workers_, {}, interrupt_);
  interrupted_ = result.stop == StopReason::interrupted;
  if (interrupted_) return infinite;
  const Evaluation& judged = result.validation ? *result.validation : result.train;
  const bool held = !result.stopped_being_finite() && std::isfinite(judged.objective);
  trial.loss = held ? judged.loss : infinite;
  trial.accuracy = judged.accuracy();
  trials_.push_back(trial);
  if (told_) told_(trial);
  return losses_[k] = trial.loss;
}

/// Moves k by `stride` as long as that lowers the loss.
void RateTrials::descend(int& k, int stride) {
  while (loss_at(k + stride) < loss_at(k)) k += stride;
}

void RateTrials::run(double first) {
  first_ = first;
  int k = 0;
  while (!std::isfinite(loss_at(k)) && !interrupted_ && trials_.size() < most_trials)
    k -= per_decade / 2;
  const int begun = k;
  descend(k, -per_decade / 2);
  if (k == begun) descend(k, per_decade / 2);
  const int middle = k;
  for (const int side : {middle - 1, middle + 1})
    if (loss_at(side) < loss_at(k)) k = side;
}

const RateTrial* RateTrials::best() const {
  const auto found = std::ranges::min_element(trials_, {}, &RateTrial::loss);
  return found == trials_.end() || !std::isfinite(found->loss) ? nullptr : &*found;
}

}  // namespace fallline::tune
