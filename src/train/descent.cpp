#include "train/descent.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "files/mappings.hpp"
#include "indices.hpp"

namespace fallline {
namespace {

bool all_finite(std::span<const float> v) {
  return std::ranges::all_of(v, [](float x) { return std::isfinite(x); });
}

}  // namespace

Descent::Descent(const Plan& plan, BatchObjective& training, BatchObjective* validation,
                 std::span<const float> start, std::span<Listener* const> listeners,
                 const std::atomic<bool>* interrupt, Workers& workers)
    : plan_(plan),
      training_(training),
      validation_(validation),
      listeners_(listeners),
      interrupt_(interrupt),
      workers_(workers),
      schedule_(plan.options.schedule_in_force()),
      optimizer_(make_optimizer<float>(plan.options.optimizer, plan.parameters)),
      sampler_(plan.examples, plan.batch_size, plan.options.sampling, plan.options.seed,
               plan.options.drop_last),
      now_(start.begin(), start.end()),
      before_(now_) {
  if (optimizer_->in_parts())
    update_part_ = [this](std::size_t first, std::span<const float> gradient) {
      optimizer_->part(first, gradient);
    };
  else
    gradient_.resize(now_.size());
}

void Descent::run(TrainResult& result) {
  tell(RunStarted{plan_});
  std::optional<StopReason> reason;
  while (!reason) reason = epoch_ == plan_.epochs ? StopReason::epochs : run_epoch();
  result.stop = *reason;
  result.steps = updates_;
  result.last_step = step_;
  result.last_rate = taken_.rate;
  result.epochs = epoch_;
  result.best_epoch = best_epoch_;
  result.cost_rises = rises_;
  result.seconds = step_seconds_;
  if (step_seconds_ > 0) {
    result.examples_per_second = static_cast<double>(examples_) / step_seconds_;
    result.flops = result.examples_per_second * training_.flops_per_example();
  }
}

std::optional<StopReason> Descent::run_epoch() {
  auto start = Clock::now();
  sampler_.begin_epoch(epoch_ + 1, &workers_);
  epoch_sum_ = {};
  for (std::size_t k = 0; k < plan_.steps_per_epoch; ++k) {
    ++step_;
    measure_and_update(k);
    report_step();
    if (!finite() && !on_trial()) {
      step_back();
      return StopReason::diverged;
    }
    watch_cost();
    keep_if_lowest();
    move_on();
    const auto end = Clock::now();
    step_seconds_ += std::chrono::duration<double>(end - start).count();
    start = end;
    if (interrupt_ != nullptr && interrupt_->load(std::memory_order_relaxed))
      return StopReason::interrupted;
    if (optimizer_->stuck()) return StopReason::no_lower_cost;
  }
  return end_epoch();
}

/// Where the optimizer allows it, a part of the weights moves as soon as its gradient is known.
void Descent::measure_and_update(std::size_t k) {
  const std::span<const std::size_t> batch = sampler_.batch(k);
  const double rate = rate_now();
  training_.begin_step(plan_.options.seed, step_);
  Measure found;
  if (update_part_) {
    optimizer_->begin_parts({.t = step_, .rate = rate}, now_, before_);
    const bool last = k + 1 == plan_.steps_per_epoch;
    found = training_.value_and_update(
        now_, batch,
        {.next = before_,
         .part = update_part_,
         .upcoming = last ? std::span<const std::size_t>() : sampler_.batch(k + 1)});
  } else {
    found = training_.value_and_gradient(now_, batch, gradient_);
  }
  if (step_ == 1) first_objective_ = found.objective();
  examples_ += batch.size();
  const auto n = static_cast<double>(batch.size());
  epoch_sum_.loss += n * found.loss;
  epoch_sum_.penalty += n * found.penalty;
  epoch_sum_.correct += found.correct;
  epoch_sum_.examples += batch.size();
  taken_ = {.step = step_,
            .epoch = epoch_ + 1,
            .examples = examples_,
            .measure = found,
            .rate = rate,
            .gradient_norm = found.gradient_norm,
            .layers = training_.layers(),
            .parameters = now_};
}

double Descent::rate_now() const {
  return schedule_.rate(plan_.learning_rate, {.step = step_,
                                              .steps_per_epoch = plan_.steps_per_epoch,
                                              .steps = plan_.steps(),
                                              .losses = losses_});
}

void Descent::report_step() { tell(taken_); }

bool Descent::finite() const {
  return std::isfinite(taken_.measure.objective()) && std::isfinite(taken_.gradient_norm);
}

/// A search may try a point where the loss is not finite; it goes back by itself.
bool Descent::on_trial() const { return optimizer_->searches() && step_ > 1; }

void Descent::move_on() {
  if (!update_part_) {
    const Step step{.t = step_, .rate = taken_.rate, .value = taken_.measure.objective()};
    optimizer_->step(step, now_, gradient_, before_, &workers_);
  }
  now_.swap(before_);
  ++updates_;
}

void Descent::step_back() {
  best_.clear();
  best_epoch_ = 0;
  // Where only the gradient is not finite, the weights may stay. Otherwise they go; those that they
  // were made from had a finite loss.
  if (std::isfinite(taken_.measure.objective()) && all_finite(now_)) return;
  now_ = before_;
  if (updates_ > 0) --updates_;
}

void Descent::watch_cost() {
  if (!plan_.full_batch() || optimizer_->searches()) return;
  const double cost = taken_.measure.objective();
  // The losses are floats: a rise of their rounding is none.
  constexpr double rounding = 1e-6;
  if (last_cost_ && cost > *last_cost_ * (1 + rounding)) {
    ++rises_;
    tell(CostRose{.step = step_, .before = *last_cost_, .after = cost, .rate = taken_.rate});
  }
  last_cost_ = cost;
}

std::optional<StopReason> Descent::end_epoch() {
  require_whole_mappings();
  if (!all_finite(now_)) {
    step_back();
    return StopReason::diverged;
  }
  ++epoch_;
  const auto n = static_cast<double>(epoch_sum_.examples);
  EpochEnded ended{.epoch = epoch_,
                   .step = step_,
                   .epochs = plan_.epochs,
                   .seconds = step_seconds_,
                   .training = epoch_sum_,
                   .rate = taken_.rate};
  ended.training.loss /= n;
  ended.training.penalty /= n;
  if (validation_ != nullptr) keep_if_best(ended);
  losses_.push_back(ended.validation ? ended.validation->loss : ended.training.loss);
  tell(ended);
  const std::size_t patience = plan_.options.patience;
  if (patience != 0 && epoch_ - best_epoch_ >= patience) return StopReason::early_stopping;
  return std::nullopt;
}

void Descent::keep_if_best(EpochEnded& ended) {
  ended.validation = validate();
  const double loss = ended.validation->loss;
  ended.best = best_.empty() || loss < best_loss_;
  if (!ended.best) return;
  best_ = now_;
  best_loss_ = loss;
  best_epoch_ = epoch_;
}

/// Without a validation part a search leaves the lowest cost it saw: its last trial may be higher.
void Descent::keep_if_lowest() {
  if (!optimizer_->searches() || validation_ != nullptr || !finite()) return;
  const double cost = taken_.measure.objective();
  if (!best_.empty() && cost >= best_loss_) return;
  best_ = now_;
  best_loss_ = cost;
}

Measure Descent::validate() { return validation_->value(now_, all_indices(validation_->size())); }

void Descent::tell(const Event& event) {
  for (Listener* listener : listeners_) listener->on(event);
}

}  // namespace fallline
