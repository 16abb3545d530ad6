#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/breakpoints.hpp>
#include <fallline/memory.hpp>
#include <numeric>
#include <utility>

#include "model/score_pass.hpp"
#include "model/stacked.hpp"

namespace fallline::landscape {
namespace {

using Kink = PiecewiseLinear::Kink;

/// What the margins of some examples come to: the sum of their losses at `from`, its slope just
/// after, and their kinks.
struct HingeSums {
  double value = 0;
  double slope = 0;
  std::vector<Kink> kinks;
};

/// The stretch of the line that is looked at.
struct Stretch {
  double from = 0;
  double to = 0;
};

/// Adds max(0, m + a·s) along the stretch.
void add_margin(double m, double s, const Stretch& stretch, HingeSums& sums) {
  const double here = m + stretch.from * s;
  // At a kink that lies at `from` itself, the slope is that after it. NaN must reach the loss.
  const bool active = !(here < 0 || (here == 0 && s <= 0));
  if (active) {
    sums.value += here;
    sums.slope += s;
  }
  if (s == 0 || !std::isfinite(m) || !std::isfinite(s)) return;
  const double kink = -m / s;
  // Rising margins set in at their kink, falling ones end there.
  const bool ahead = active ? s < 0 : s > 0;
  if (ahead && kink <= stretch.to)
    sums.kinks.push_back({.at = std::max(kink, stretch.from), .change = std::abs(s)});
}

class HingePass {
 public:
  HingePass(const Site& site, std::span<const float> direction, const Stretch& stretch)
      : site_(site),
        classes_(site.data().classes()),
        stretch_(stretch),
        pass_(site.data(), site.model().preprocessing, 2 * classes_, site.workers()),
        blocks_(kernels::blocks_of(ScorePass::most)) {
    pass_.set_weights(stacked({site.weights(), direction}, classes_));
  }

  /// False after an interrupt.
  [[nodiscard]] bool run(const std::atomic<bool>* interrupt) {
    std::vector<std::size_t> indices(ScorePass::most);
    for (std::size_t first = 0; first < site_.size(); first += ScorePass::most) {
      if (interrupt != nullptr && interrupt->load(std::memory_order_relaxed)) return false;
      const std::size_t n = std::min(ScorePass::most, site_.size() - first);
      std::iota(indices.begin(), indices.end(), first);
      pass_.run(std::span(indices).first(n),
                [&](std::size_t i, std::size_t count) { measure(first + i, i, count); });
      add(kernels::blocks_of(n));
    }
    return true;
  }
  [[nodiscard]] HingeSums& sums() { return sums_; }

 private:
  /// Of the block of examples from `first` on, at position i of the pass.
  void measure(std::size_t first, std::size_t i, std::size_t count) {
    HingeSums& sums = blocks_[i / kernels::block];
    sums.value = sums.slope = 0;
    sums.kinks.clear();
    for (std::size_t k = 0; k < count; ++k) {
      const auto y = static_cast<std::size_t>(site_.data().labels()[first + k]);
      for (std::size_t j = 0; j < classes_; ++j)
        if (j != y)
          add_margin(difference(i + k, j, y) + site_.model().loss.delta,
                     difference(i + k, classes_ + j, classes_ + y), stretch_, sums);
    }
  }
  [[nodiscard]] double difference(std::size_t i, std::size_t j, std::size_t y) const {
    return static_cast<double>(pass_.score(i, j)) - static_cast<double>(pass_.score(i, y));
  }

  /// The blocks in order, so that the threads do not matter.
  void add(std::size_t blocks) {
    for (std::size_t b = 0; b < blocks; ++b) {
      sums_.value += blocks_[b].value;
      sums_.slope += blocks_[b].slope;
      sums_.kinks.insert(sums_.kinks.end(), blocks_[b].kinks.begin(), blocks_[b].kinks.end());
    }
  }

  const Site& site_;
  std::size_t classes_;
  Stretch stretch_;
  ScorePass pass_;
  std::vector<HingeSums> blocks_;  // of a batch
  HingeSums sums_;
};

void require_hinge(const Site& site, std::span<const float> direction, double from, double to) {
  if (site.model().loss.kind != LossKind::hinge || !site.linear())
    throw usage_error("breakpoints are those of the hinge loss on linear scores",
                      "this objective is not piecewise linear");
  if (!(from < to) || !std::isfinite(from) || !std::isfinite(to))
    throw usage_error(fmt::format("the line goes from {:g} to {:g}", from, to),
                      "give two numbers, the smaller one first");
  if (direction.size() != site.parameters())
    throw usage_error("a direction of other parameters than the model has", "give as many numbers");
}

}  // namespace

PiecewiseLinear::PiecewiseLinear(double from, double to, double value, double slope,
                                 std::vector<Kink> kinks)
    : from_(from), to_(to), value_(value), slope_(slope) {
  std::ranges::sort(kinks, [](const Kink& a, const Kink& b) {
    return a.at != b.at ? a.at < b.at : a.change < b.change;
  });
  double at = from;
  for (const Kink& kink : kinks) {
    value += slope * (kink.at - at);
    at = kink.at;
    if (breakpoints_.empty() || breakpoints_.back().at != at)
      breakpoints_.push_back({.at = at, .value = value, .slope_before = slope});
    slope += kink.change;
    breakpoints_.back().slope_after = slope;
  }
}

double PiecewiseLinear::operator()(double at) const {
  const auto after = std::ranges::upper_bound(breakpoints_, at, {}, &Breakpoint::at);
  if (after == breakpoints_.begin()) return value_ + slope_ * (at - from_);
  const Breakpoint& before = *std::prev(after);
  return before.value + before.slope_after * (at - before.at);
}

PiecewiseLinear::Minimum PiecewiseLinear::minimum() const {
  if (slope_ >= 0) return {.at = from_, .value = value_};
  for (const Breakpoint& b : breakpoints_)
    if (b.slope_after >= 0) return {.at = b.at, .value = b.value};
  return {.at = to_, .value = (*this)(to_)};
}

std::optional<PiecewiseLinear> hinge_line(const Site& site, std::span<const float> direction,
                                          double from, double to, std::uint64_t memory_limit,
                                          const std::atomic<bool>* interrupt) {
  require_hinge(site, direction, from, to);
  const std::uint64_t most = site.size() * (site.data().classes() - 1);
  require_memory(most * (2 * sizeof(Kink) + sizeof(PiecewiseLinear::Breakpoint)), memory_limit,
                 fmt::format("the breakpoints of {} examples", site.size()),
                 "use fewer examples, or leave the breakpoints out");
  HingePass pass(site, direction, {.from = from, .to = to});
  if (!pass.run(interrupt)) return std::nullopt;
  HingeSums& sums = pass.sums();
  const auto n = static_cast<double>(site.size());
  for (Kink& kink : sums.kinks) kink.change /= n;
  return PiecewiseLinear(from, to, sums.value / n, sums.slope / n, std::move(sums.kinks));
}

}  // namespace fallline::landscape
