#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/optim/link.hpp>
#include <fallline/optim/strong_wolfe.hpp>
#include <limits>
#include <string>

namespace fallline {
namespace {

using Point = StrongWolfe::Point;

/// Where the cubic through two points with their slopes is lowest; NaN where it has no minimum.
double cubic_minimum(const Point& p, const Point& q) {
  const double d1 = p.slope + q.slope - 3 * (p.value - q.value) / (p.a - q.a);
  const double d2 = std::copysign(std::sqrt(d1 * d1 - p.slope * q.slope), q.a - p.a);
  return q.a - (q.a - p.a) * (q.slope + d2 - d1) / (q.slope - p.slope + 2 * d2);
}

/// `a` where it lies within, else the nearer end; NaN becomes the middle.
double within(double a, double x, double y) {
  if (std::isnan(a)) return (x + y) / 2;
  return std::clamp(a, std::min(x, y), std::max(x, y));
}

}  // namespace

void WolfeConditions::validate() const {
  optim::require_positive(c1, "c1");
  optim::require_within(c2, c1, 1, "c2");
  if (c1 == c2) throw usage_error("c1 and c2 are equal", "c2 must be above c1");
  if (trials < 1) throw usage_error("trials is " + std::to_string(trials), "it must be at least 1");
}

StrongWolfe::StrongWolfe(const WolfeConditions& conditions, double value, double slope,
                         double first, double rounding)
    : conditions_(conditions),
      start_{.a = 0, .value = value, .slope = slope},
      low_(start_),
      trial_(first),
      rounding_(rounding),
      left_(conditions.trials) {
  conditions.validate();
  optim::require_positive(-slope, "the descent along the line");
  optim::require_positive(first, "the first trial");
  optim::require_not_negative(rounding, "rounding");
}

StrongWolfe::Verdict StrongWolfe::tell(double value, double slope) {
  const Point p{.a = trial_, .value = value, .slope = slope};
  if (settled_ || (low_enough(p) && flat_enough(p))) return Verdict::done;
  if (high_)
    shrink(p);
  else
    bracket(p);
  return --left_ > 0 ? next() : settle();
}

bool StrongWolfe::low_enough(const Point& p) const {
  if (!std::isfinite(p.value) || !std::isfinite(p.slope)) return false;
  if (p.value <= start_.value + conditions_.c1 * p.a * start_.slope) return true;
  return std::abs(p.value - start_.value) <= rounding_ * std::abs(start_.value) &&
         p.slope <= (2 * conditions_.c1 - 1) * start_.slope;
}

bool StrongWolfe::flat_enough(const Point& p) const {
  return std::abs(p.slope) <= -conditions_.c2 * start_.slope;
}

/// Whether p is no lower than the lowest point known. Where their values differ by rounding alone
/// the slopes say on.
bool StrongWolfe::higher(const Point& p) const {
  return p.value >= low_.value + rounding_ * std::abs(low_.value);
}

/// No interval yet: goes on to longer steps until one is too high or climbs.
void StrongWolfe::bracket(const Point& p) {
  if (!low_enough(p) || higher(p)) {
    high_ = p;
  } else if (p.slope >= 0) {
    high_ = low_;
    low_ = p;
  } else {
    const double length = p.a - low_.a;
    const double longer = cubic_minimum(low_, p);
    low_ = p;
    trial_ = p.a + within(longer - p.a, 1.1 * length, 4 * length);
    return;
  }
  width_ = std::numeric_limits<double>::infinity();
}

/// The trial becomes an end of the interval.
void StrongWolfe::shrink(const Point& p) {
  if (!low_enough(p) || higher(p)) {
    high_ = p;
    return;
  }
  if (p.slope * (high_->a - low_.a) >= 0) high_ = low_;
  low_ = p;
}

/// The next trial: the cubic's minimum, kept off the ends; the middle where the interval has not
/// become shorter by a third.
StrongWolfe::Verdict StrongWolfe::next() {
  if (!high_) return Verdict::again;
  const double gap = high_->a - low_.a;
  if (std::abs(gap) <= 1e-16 * std::max(high_->a, low_.a)) return settle();
  const bool slow = std::abs(gap) > 2.0 / 3 * width_;
  const bool known = std::isfinite(high_->value) && std::isfinite(high_->slope);
  width_ = std::abs(gap);
  const double wanted = known && !slow ? cubic_minimum(low_, *high_) : low_.a + gap / 2;
  trial_ = within(wanted, low_.a + 0.1 * gap, high_->a - 0.1 * gap);
  return Verdict::again;
}

/// The search gives up: it takes the lowest point there is.
StrongWolfe::Verdict StrongWolfe::settle() {
  if (low_.a == 0) return Verdict::failed;
  settled_ = true;
  trial_ = low_.a;
  return Verdict::again;
}

}  // namespace fallline
