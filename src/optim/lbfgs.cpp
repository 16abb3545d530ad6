#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/optim/lbfgs.hpp>
#include <limits>

namespace fallline {
namespace {

/// What a value is off by, of itself.
template <class T>
constexpr double rounding = 10 * static_cast<double>(std::numeric_limits<T>::epsilon());

/// Steps in a row, on values that differ by rounding alone, that need not shrink the gradient.
constexpr int patience = 10;

/// b ← b + f a
template <class T>
void add(double f, std::span<const T> a, std::span<T> b) {
  const auto factor = static_cast<T>(f);
  for (std::size_t i = 0; i < b.size(); ++i) b[i] += factor * a[i];
}

}  // namespace

void Lbfgs::validate() const {
  if (!(history >= 1 && history <= 1000 && history == std::floor(history)))
    throw usage_error(fmt::format("history is {}", history),
                      "it must be a whole number from 1 to 1000");
  WolfeConditions{.c1 = c1, .c2 = c2}.validate();
}

template <class T>
LbfgsOptimizer<T>::LbfgsOptimizer(const Lbfgs& settings, std::size_t parameters)
    : settings_(settings), most_(0), dot_(parameters) {
  settings_.validate();
  most_ = static_cast<std::size_t>(settings_.history);
  state_.assign(pairs + 2 * most_, std::vector<T>(parameters));
  rho_.resize(most_);
  alpha_.resize(most_);
}

template <class T>
void LbfgsOptimizer<T>::step(const Step& now, std::span<const T> old, std::span<const T> gradient,
                             std::span<T> next, Workers* workers) {
  workers_ = workers;
  taken_ = !search_;
  if (!search_) {
    begin(now.value, old, gradient);
  } else {
    switch (search_->tell(now.value, dot(gradient, state_[direction]))) {
      case StrongWolfe::Verdict::done:
        taken_ = true;
        remember(old, gradient);
        begin(now.value, old, gradient);
        break;
      case StrongWolfe::Verdict::failed:
        give_up_or_restart();
        break;
      case StrongWolfe::Verdict::again:
        break;
    }
  }
  std::ranges::copy(state_[base], next.begin());
  if (search_) add<T>(search_->trial(), state_[direction], next);
}

template <class T>
void LbfgsOptimizer<T>::begin(double value, std::span<const T> w, std::span<const T> gradient) {
  value_ = value;
  std::ranges::copy(w, state_[base].begin());
  std::ranges::copy(gradient, state_[base_gradient].begin());
  if (gets_on())
    aim();
  else
    give_up();
}

/// Whether the base, or one of the few before it, has a lower value or halves ‖g‖²: else the steps
/// wander in the rounding of the minimum, and would for ever.
template <class T>
bool LbfgsOptimizer<T>::gets_on() {
  const double square = dot(state_[base_gradient], state_[base_gradient]);
  if (value_ < lowest_ - rounding<T> * std::abs(lowest_) || square < least_ / 2) {
    lowest_ = std::min(lowest_, value_);
    least_ = std::min(least_, square);
    idle_ = 0;
    return true;
  }
  return ++idle_ < patience;
}

/// Sets direction and line search from the base.
template <class T>
void LbfgsOptimizer<T>::aim() {
  std::vector<T>& d = state_[direction];
  std::ranges::transform(state_[base_gradient], d.begin(), std::negate());
  for (std::size_t i = 0; i < count_; ++i) {  // newest to oldest
    const std::size_t k = (newest_ + most_ - i) % most_;
    alpha_[k] = rho_[k] * dot(s(k), d);
    add<T>(-alpha_[k], y(k), d);
  }
  for (T& x : d) x *= static_cast<T>(scale_);
  for (std::size_t i = count_; i-- > 0;) {
    const std::size_t k = (newest_ + most_ - i) % most_;
    add<T>(alpha_[k] - rho_[k] * dot(y(k), d), s(k), d);
  }
  const double slope = dot(state_[base_gradient], d);
  // Without pairs nothing is known of the scale: the first trial moves by at most 1.
  const double first = count_ > 0 ? 1 : std::min(1.0, 1 / std::sqrt(dot(d, d)));
  if (!(slope < 0 && first > 0)) return give_up_or_restart();
  search_.emplace(WolfeConditions{.c1 = settings_.c1, .c2 = settings_.c2}, value_, slope, first,
                  rounding<T>);
}

template <class T>
void LbfgsOptimizer<T>::remember(std::span<const T> w, std::span<const T> gradient) {
  const std::size_t k = count_ == 0 ? 0 : (newest_ + 1) % most_;
  for (std::size_t i = 0; i < w.size(); ++i) {
    s(k)[i] = w[i] - state_[base][i];
    y(k)[i] = gradient[i] - state_[base_gradient][i];
  }
  const double sy = dot(s(k), y(k));
  const double yy = dot(y(k), y(k));
  if (!(sy >
        1e-10 * std::sqrt(dot(s(k), s(k)) * yy))) {  // the slot it was written over is lost with it
    if (count_ == most_) --count_;
    return;
  }
  rho_[k] = 1 / sy;
  scale_ = sy / yy;
  newest_ = k;
  count_ = std::min(count_ + 1, most_);
}

/// No step lowers the cost along this direction.
template <class T>
void LbfgsOptimizer<T>::give_up_or_restart() {
  if (count_ == 0) return give_up();
  count_ = 0;
  scale_ = 1;
  aim();
}

template <class T>
void LbfgsOptimizer<T>::give_up() {
  search_.reset();
  stuck_ = true;
}

template class LbfgsOptimizer<float>;
template class LbfgsOptimizer<double>;

}  // namespace fallline
