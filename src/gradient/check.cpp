#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/gradient/check.hpp>
#include <fallline/random.hpp>

#include "names.hpp"

namespace fallline {
namespace {

constexpr Names<Scheme, 3> schemes{
    "scheme",
    {{{Scheme::forward, "forward"}, {Scheme::central, "central"}, {Scheme::ridders, "ridders"}}}};

constexpr Names<Verdict, 3> verdicts{
    "verdict",
    {{{Verdict::pass, "pass"}, {Verdict::fail, "fail"}, {Verdict::inconclusive, "inconclusive"}}}};

double relative_error(double a, double n) {
  const double scale = std::max(std::abs(a), std::abs(n));
  return scale == 0 ? 0 : std::abs(a - n) / scale;
}

/// One coordinate by differences, looked into where the first does not agree.
template <class T, class F>
class Looker {
 public:
  Looker(const F& f, std::span<T> x, const GradientCheckOptions& options)
      : differences_(f, x),
        x_(x),
        options_(options),
        step_(options.step > 0 ? options.step : default_step<T>(options.scheme)) {}

  [[nodiscard]] double step() const { return step_; }

  CheckedCoordinate look(std::size_t i, double analytic) {
    const Difference first = differences_(i, options_.scheme, step_);
    const CheckedCoordinate found = judge(i, analytic, {.difference = first}, options_.tolerance);
    if (found.verdict == Verdict::pass) return found;
    return beside_kinks(i, analytic, refined(i, first));
  }

 private:
  /// With the error's first power of h taken off.
  Difference refined(std::size_t i, const Difference& first) {
    if (options_.scheme == Scheme::ridders) return first;
    const Difference wide = differences_(i, options_.scheme, 2 * step_);
    const double times = options_.scheme == Scheme::forward ? 1 : 3;
    return {.value = first.value + (first.value - wide.value) / times, .error = 3 * first.error};
  }

  CheckedCoordinate beside_kinks(std::size_t i, double analytic, Difference difference) {
    const CheckedCoordinate found =
        judge(i, analytic, {.difference = difference}, options_.tolerance);
    if (found.verdict != Verdict::fail) return found;
    const double h =
        (options_.scheme == Scheme::ridders ? default_step<T>(Scheme::central) : step_) *
        std::max(1.0, std::abs(static_cast<double>(x_[i])));
    const Difference above = differences_.between(i, 0, h);
    const Difference below = differences_.between(i, -h, 0);
    const double apart = std::abs(above.value - below.value);
    const double nearer = std::abs(differences_.between(i, 0, h / 2).value -
                                   differences_.between(i, -h / 2, 0).value);
    // Of a smooth f half of it is left.
    const bool kink = nearer > 0.75 * apart && apart > 4 * (above.error + below.error);
    const double slack = above.error + below.error + options_.tolerance * std::abs(analytic);
    const auto [low, high] = std::minmax(above.value, below.value);
    const bool between = analytic >= low - slack && analytic <= high + slack;
    return judge(i, analytic, {.difference = difference, .kink = kink && between},
                 options_.tolerance);
  }

  Differences<T, F> differences_;
  std::span<T> x_;
  const GradientCheckOptions& options_;
  double step_;
};

template <class T, class F>
GradientCheck check(const F& f, std::span<T> x, std::span<const double> gradient,
                    const GradientCheckOptions& options, std::span<const ParameterBlock> blocks) {
  options.validate();
  if (gradient.size() != x.size())
    throw usage_error(
        fmt::format("the gradient has {} coordinates, the point {}", gradient.size(), x.size()));
  Looker<T, F> looker(f, x, options);
  std::vector<CheckedCoordinate> found;
  for (const std::size_t i : checked_coordinates(x.size(), options))
    found.push_back(looker.look(i, gradient[i]));
  const ParameterBlock whole{.name = "all", .first = 0, .count = x.size()};
  GradientCheck result = summary_of(found, blocks.empty() ? std::span(&whole, 1) : blocks, options);
  result.step = looker.step();
  return result;
}

}  // namespace

std::string_view name_of(Scheme scheme) { return schemes.name_of(scheme); }
Scheme scheme_named(std::string_view name) { return schemes.value_of(name); }
std::string_view name_of(Verdict verdict) { return verdicts.name_of(verdict); }

void GradientCheckOptions::validate() const {
  if (!std::isfinite(step) || step < 0)
    throw usage_error(fmt::format("the step is {}", step), "it must be above 0, or 0 to be chosen");
  if (!(tolerance > 0 && tolerance < 1))
    throw usage_error(fmt::format("the tolerance is {}", tolerance), "it must be in (0, 1)");
}

CheckedCoordinate judge(std::size_t index, double analytic, const Slope& slope, double tolerance) {
  const double numerical = slope.difference.value;
  CheckedCoordinate found{.index = index,
                          .analytic = analytic,
                          .numerical = numerical,
                          .error = relative_error(analytic, numerical)};
  if (found.error <= tolerance) return found;
  const double apart = std::abs(analytic - numerical);
  found.kink = slope.kink;
  const bool told = !slope.kink && !(apart <= slope.difference.error);
  found.verdict = told || !std::isfinite(apart) ? Verdict::fail : Verdict::inconclusive;
  return found;
}

Verdict CheckedBlock::verdict() const {
  if (failed > 0) return Verdict::fail;
  return passed > 0 && 2 * passed >= checked ? Verdict::pass : Verdict::inconclusive;
}

void CheckedBlock::add(const CheckedCoordinate& c) {
  ++checked;
  if (c.verdict == Verdict::inconclusive) {
    ++(c.kink ? kinks : unresolved);
    return;
  }
  ++(c.verdict == Verdict::pass ? passed : failed);
  if (passed + failed == 1 || !(c.error <= worst.error)) worst = c;
}

void CheckedBlock::add(const CheckedBlock& other) {
  const bool judged = other.passed + other.failed > 0;
  if (judged && (passed + failed == 0 || !(other.worst.error <= worst.error))) worst = other.worst;
  checked += other.checked;
  passed += other.passed;
  failed += other.failed;
  kinks += other.kinks;
  unresolved += other.unresolved;
}

GradientCheck summary_of(std::span<const CheckedCoordinate> coordinates,
                         std::span<const ParameterBlock> blocks,
                         const GradientCheckOptions& options) {
  GradientCheck result{.all = {.name = "all"},
                       .worst = {coordinates.begin(), coordinates.end()},
                       .scheme = options.scheme,
                       .step = options.step,
                       .tolerance = options.tolerance};
  for (const ParameterBlock& block : blocks) {
    CheckedBlock counted{.name = block.name};
    for (const CheckedCoordinate& c : coordinates)
      if (c.index >= block.first && c.index - block.first < block.count) counted.add(c);
    result.blocks.push_back(counted);
  }
  for (const CheckedCoordinate& c : coordinates) result.all.add(c);
  const auto rank = [](const CheckedCoordinate& c) {
    const int group = c.verdict == Verdict::fail ? 0 : c.verdict == Verdict::pass ? 1 : 2;
    return std::pair(group, std::isnan(c.error) ? -1e300 : -c.error);
  };
  std::ranges::stable_sort(result.worst, {}, rank);
  result.worst.resize(std::min(result.worst.size(), options.worst));
  return result;
}

std::vector<std::size_t> checked_coordinates(std::size_t n, const GradientCheckOptions& options) {
  if (!options.indices.empty()) return options.indices;
  const Random random(options.seed, Purpose::checked_coordinates);
  std::vector<std::size_t> indices = shuffled(n, random);
  if (options.coordinates != 0) indices.resize(std::min(n, options.coordinates));
  std::ranges::sort(indices);
  return indices;
}

GradientCheck check_gradient(const std::function<double(std::span<const double>)>& f,
                             std::span<double> x, std::span<const double> gradient,
                             const GradientCheckOptions& options,
                             std::span<const ParameterBlock> blocks) {
  return check<double>(f, x, gradient, options, blocks);
}

GradientCheck check_gradient(const std::function<double(std::span<const float>)>& f,
                             std::span<float> x, std::span<const double> gradient,
                             const GradientCheckOptions& options,
                             std::span<const ParameterBlock> blocks) {
  return check<float>(f, x, gradient, options, blocks);
}

}  // namespace fallline
