#include <algorithm>
#include <chrono>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/optim/minimize.hpp>
#include <limits>
#include <numeric>
#include <optional>

namespace fallline::optim {
namespace {

template <class T>
class Loop {
 public:
  Loop(const Objective<T>& objective, std::vector<T> start, Optimizer<T>& optimizer,
       const MinimizeOptions& options)
      : objective_(objective),
        optimizer_(optimizer),
        options_(options),
        w_(std::move(start)),
        next_(w_.size()),
        gradient_(w_.size()) {}

  Minimum<T> run() {
    const auto start = std::chrono::steady_clock::now();
    if (objective_.terms == 0)
      descend();
    else
      descend_in_batches();
    found_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(found_);
  }

 private:
  void descend() {
    while (!over_) {
      ++found_.steps;
      evaluate();
      note();
      judge();
      if (!over_) update();
    }
  }

  void descend_in_batches() {
    Sampler sampler(objective_.terms, std::min(options_.batch_size, objective_.terms),
                    options_.sampling, options_.seed, false);
    steps_per_epoch_ = sampler.steps_per_epoch();
    evaluate_all_terms();
    judge();
    while (!over_) {
      sampler.begin_epoch(++found_.epochs);
      for (std::size_t k = 0; k < sampler.steps_per_epoch() && !asked_; ++k) {
        ++found_.steps;
        evaluate(sampler.batch(k));
        note();
        if (!finite()) return end(Termination::not_finite);
        if (!asked_) update();
        if (found_.steps >= options_.max_steps) break;
      }
      evaluate_all_terms();
      judge();
    }
  }

  void evaluate() {
    value_ = objective_.whole(w_, gradient_);
    ++found_.evaluations;
    measure();
  }

  void evaluate(std::span<const std::size_t> terms) {
    value_ = objective_.part(w_, terms, gradient_);
    found_.terms += terms.size();
    measure();
  }

  void evaluate_all_terms() {
    if (all_.empty()) {
      all_.resize(objective_.terms);
      std::iota(all_.begin(), all_.end(), std::size_t{0});
    }
    value_ = objective_.part(w_, all_, gradient_);
    ++found_.evaluations;
    measure();
  }

  void measure() {
    norm_ = 0;
    for (const T g : gradient_) {
      const double size = std::abs(static_cast<double>(g));
      if (!(size <= norm_)) norm_ = size;  // NaN too
      if (std::isnan(norm_)) break;
    }
  }

  void note() {
    rate_ = optimizer_.searches() ? 0 : rate();
    const MinimizeStep step{
        .step = found_.steps, .value = value_, .gradient_norm = norm_, .rate = rate_};
    if (options_.keep_history) found_.history.push_back(step);
    if (options_.watch && !options_.watch(step)) asked_ = true;
  }

  /// The stopping rules, in the order that `Termination` lists them. Of a search's trials only the
  /// lowest so far and, by `update`, those that are taken are held to the rules.
  void judge() {
    if (objective_.terms == 0 || found_.epochs > 0) losses_.push_back(value_);
    if (finite()) {
      const bool lowest = found_.w.empty() || better();
      if (lowest) keep();
      if (lowest || !optimizer_.searches()) judge_point();
      if (!optimizer_.searches()) judge_progress();
    } else if (found_.w.empty() || !optimizer_.searches()) {
      end(Termination::not_finite);
    }
    if (found_.steps >= options_.max_steps) end(Termination::max_steps);
    if (asked_) end(Termination::asked);
  }

  void judge_point() {
    if (norm_ <= options_.gradient_tolerance) end(Termination::gradient);
    if (value_ <= options_.target) end(Termination::target);
  }

  void judge_progress() {
    const double tolerance = options_.value_tolerance;
    if (last_ && tolerance > 0 && std::abs(value_ - *last_) <= tolerance * std::abs(value_))
      end(Termination::value);
    last_ = value_;
    if (options_.step_tolerance == 0) return;
    if (!last_w_.empty() && moved_little()) end(Termination::step);
    last_w_ = w_;
  }

  [[nodiscard]] bool moved_little() const {
    double moved = 0;
    double size = 0;
    for (std::size_t i = 0; i < w_.size(); ++i) {
      const auto x = static_cast<double>(w_[i]);
      const double by = x - static_cast<double>(last_w_[i]);
      moved += by * by;
      size += x * x;
    }
    const double tolerance = options_.step_tolerance;
    return std::sqrt(moved) <= tolerance * (std::sqrt(size) + tolerance);
  }

  /// The rate in force. A function without terms ends an epoch with every step.
  [[nodiscard]] double rate() const {
    return options_.schedule.rate(options_.learning_rate, {.step = found_.steps,
                                                           .steps_per_epoch = steps_per_epoch_,
                                                           .steps = options_.max_steps,
                                                           .losses = losses_});
  }

  void keep() {
    found_.w = w_;
    found_.value = value_;
    found_.gradient_norm = norm_;
    found_.best_step = found_.steps;
  }

  /// A lower value; or, where the values are equal to rounding, a smaller gradient.
  [[nodiscard]] bool better() const {
    const double rounding =
        4 * static_cast<double>(std::numeric_limits<T>::epsilon()) * std::abs(found_.value);
    if (std::abs(value_ - found_.value) <= rounding) return norm_ < found_.gradient_norm;
    return value_ < found_.value;
  }

  void update() {
    const Step step{.t = found_.steps, .rate = rate_, .value = value_};
    optimizer_.step(step, w_, gradient_, next_, options_.workers);
    if (optimizer_.searches() && optimizer_.taken()) {
      judge_point();
      judge_progress();
    }
    std::swap(w_, next_);
    if (optimizer_.stuck()) end(Termination::no_lower_value);
  }

  [[nodiscard]] bool finite() const { return std::isfinite(value_) && std::isfinite(norm_); }

  /// The first reason counts.
  void end(Termination why) {
    if (over_) return;
    over_ = true;
    found_.why = why;
    if (found_.w.empty()) keep();  // the start is not finite
  }

  const Objective<T>& objective_;
  Optimizer<T>& optimizer_;
  const MinimizeOptions& options_;
  std::vector<T> w_;
  std::vector<T> next_;
  std::vector<T> gradient_;
  std::vector<std::size_t> all_;
  double value_ = 0;
  double norm_ = 0;
  double rate_ = 0;
  std::uint64_t steps_per_epoch_ = 1;
  std::vector<double> losses_;  // of the epochs so far, for a schedule that watches them
  std::optional<double> last_;  // the value and the point judged before
  std::vector<T> last_w_;
  bool asked_ = false;
  bool over_ = false;
  Minimum<T> found_;
};

template <class T>
void require_valid(const Objective<T>& objective, const std::vector<T>& start,
                   const Optimizer<T>& optimizer, const MinimizeOptions& options) {
  options.validate();
  if (start.empty()) throw usage_error("the start has no parameters", "give at least one");
  if (!objective.part) return;
  if (objective.terms == 0) throw usage_error("there are no terms", "give at least one");
  if (options.batch_size == 0) throw usage_error("the batch size is 0", "it must be at least 1");
  if (optimizer.searches())
    throw usage_error("a line search needs the whole function at every step",
                      "give a function without terms, or another optimizer");
}

}  // namespace

template <class T>
Minimum<T> minimize(const Objective<T>& objective, std::vector<T> start, Optimizer<T>& optimizer,
                    const MinimizeOptions& options) {
  require_valid(objective, start, optimizer, options);
  return Loop<T>(objective, std::move(start), optimizer, options).run();
}

template Minimum<float> minimize(const Objective<float>&, std::vector<float>, Optimizer<float>&,
                                 const MinimizeOptions&);
template Minimum<double> minimize(const Objective<double>&, std::vector<double>, Optimizer<double>&,
                                  const MinimizeOptions&);

}  // namespace fallline::optim
