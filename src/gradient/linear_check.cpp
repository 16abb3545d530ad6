#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/gradient/linear_check.hpp>
#include <fallline/objective/batch_objective.hpp>
#include <limits>
#include <mutex>
#include <optional>

#include "gradient/linear_problem.hpp"
#include "indices.hpp"

namespace fallline {
namespace {

using Clock = std::chrono::steady_clock;

template <class Work>
double seconds_of(Work work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Features of which a row has a cache line.
constexpr std::size_t most_of_piece = 64;

/// The features that are looked at, the bias last.
std::vector<std::size_t> chosen_features(const LinearProblem& problem,
                                         GradientCheckOptions options) {
  const std::size_t classes = problem.classes();
  options.coordinates = (options.coordinates + classes - 1) / classes;
  std::vector<std::size_t> features = checked_coordinates(problem.features(), options);
  features.push_back(problem.features());
  return features;
}

/// Share of the pieces that are done, told one at a time; remembers that it was asked to stop.
class Progress {
 public:
  Progress(const std::function<bool(double)>& told, std::size_t pieces)
      : told_(told), pieces_(pieces) {}

  [[nodiscard]] bool stopped() const { return stopped_.load(std::memory_order_relaxed); }
  void done() {
    if (!told_) return;
    const std::lock_guard lock(mutex_);
    if (!told_(static_cast<double>(++done_) / static_cast<double>(pieces_))) stopped_ = true;
  }

 private:
  const std::function<bool(double)>& told_;
  std::size_t pieces_;
  std::mutex mutex_;
  std::size_t done_ = 0;
  std::atomic<bool> stopped_ = false;
};

/// The chosen features, piece by piece.
class Checker {
 public:
  Checker(const LinearProblem& problem, const Loss& loss, const GradientCheckOptions& options,
          std::size_t examples)
      : problem_(problem), options_(options), features_(chosen_features(problem, options)) {
    const double chosen = loss.kind == LossKind::hinge ? 1e-7 : 1e-5;
    step_ = (options.step > 0 ? options.step : chosen) / problem.largest_feature();
    error_ = 8 * std::numeric_limits<double>::epsilon() * (1 + problem.mean_loss()) /
             (2 * step_ * std::sqrt(static_cast<double>(examples)));
    const std::size_t pieces = (features_.size() + most_of_piece - 1) / most_of_piece;
    analytic_.assign(pieces, Table(0, 0));
    found_.resize(pieces);
  }

  [[nodiscard]] double step() const { return step_; }

  void differentiate(Workers& workers) {
    workers.for_each(analytic_.size(),
                     [&](std::size_t p) { analytic_[p] = problem_.gradient(piece(p)); });
  }

  void compare(Workers& workers, const std::function<bool(double)>& progress) {
    Progress told(progress, found_.size());
    workers.for_each(found_.size(), [&](std::size_t p) {
      if (told.stopped()) return;
      compare_piece(p);
      told.done();
    });
  }

  /// By their indices.
  [[nodiscard]] std::vector<CheckedCoordinate> found() const {
    std::vector<CheckedCoordinate> all;
    for (const auto& part : found_) all.insert(all.end(), part.begin(), part.end());
    std::ranges::sort(all, {}, &CheckedCoordinate::index);
    return all;
  }

 private:
  [[nodiscard]] std::span<const std::size_t> piece(std::size_t p) const {
    const std::size_t first = p * most_of_piece;
    return std::span(features_).subspan(first, std::min(most_of_piece, features_.size() - first));
  }

  void compare_piece(std::size_t p) {
    const auto some = piece(p);
    Table kinks(some.size(), problem_.classes());
    Table numerical = problem_.differences(some, step_, kinks);
    for (std::size_t j = 0; j < problem_.classes(); ++j)
      for (std::size_t f = 0; f < some.size(); ++f) {
        const bool kink = kinks(f, j) > 0 || problem_.penalty_kink(some[f], j, step_);
        const Slope slope{.difference = {.value = numerical(f, j), .error = error_}, .kink = kink};
        found_[p].push_back(
            judge(problem_.index(some[f], j), analytic_[p](f, j), slope, options_.tolerance));
      }
  }

  const LinearProblem& problem_;
  const GradientCheckOptions& options_;
  std::vector<std::size_t> features_;
  double step_ = 0;
  double error_ = 0;  // that rounding makes of a difference
  std::vector<Table> analytic_;
  std::vector<std::vector<CheckedCoordinate>> found_;
};

/// What training computes with, over the same examples: the distance to the gradient in double.
double kernel_distance(const Dataset& data, const Preprocessing& preprocessing, const Loss& loss,
                       const Penalty& penalty, std::span<const float> w, Arithmetic arithmetic,
                       std::span<const CheckedCoordinate> checked, Workers& workers) {
  BatchObjective objective(data, preprocessing, loss, penalty, workers, arithmetic);
  const std::vector<std::size_t> all = all_indices(data.size());
  std::vector<float> g(w.size());
  (void)objective.value_and_gradient(w, all, g);
  double apart = 0;
  double size = 0;
  for (const CheckedCoordinate& c : checked) {
    const double d = static_cast<double>(g[c.index]) - c.analytic;
    apart += d * d;
    size += c.analytic * c.analytic;
  }
  return size == 0 ? std::sqrt(apart) : std::sqrt(apart / size);
}

void require_checkable(const Dataset& data, std::span<const float> w,
                       const GradientCheckOptions& options) {
  options.validate();
  const std::size_t parameters = data.classes() * (data.features() + 1);
  if (w.size() != parameters)
    throw usage_error(fmt::format("{} weights for {} parameters", w.size(), parameters));
  if (data.empty()) throw usage_error("there are no examples to check a gradient on");
  if (options.scheme != Scheme::central)
    throw usage_error("a linear classifier's gradient is checked by central differences",
                      "check_gradient takes any function and scheme");
}

}  // namespace

LinearGradientCheck check_linear_gradient(const Dataset& data, const Preprocessing& preprocessing,
                                          const Loss& loss, const Penalty& penalty,
                                          std::span<const float> w,
                                          const GradientCheckOptions& options, Workers& workers,
                                          const std::function<bool(double)>& progress) {
  require_checkable(data, w, options);
  LinearGradientCheck result;
  result.examples = data.size();
  result.parameters = w.size();
  std::optional<LinearProblem> problem;
  result.evaluation_seconds =
      seconds_of([&] { problem.emplace(data, preprocessing, loss, penalty, w, workers); });
  Checker checker(*problem, loss, options, data.size());
  result.analytic_seconds = seconds_of([&] { checker.differentiate(workers); });
  result.numerical_seconds = seconds_of([&] { checker.compare(workers, progress); });

  const std::vector<CheckedCoordinate> all = checker.found();
  const std::size_t weights = data.classes() * data.features();
  const ParameterBlock blocks[] = {{"W", 0, weights}, {"b", weights, data.classes()}};
  result.check = summary_of(all, blocks, options);
  result.check.step = checker.step();
  const auto distance = [&](Arithmetic arithmetic) {
    return kernel_distance(data, preprocessing, loss, penalty, w, arithmetic, all, workers);
  };
  const bool integers = why_not_integers(data.cells(), data.features()).empty();
  result.float_kernels = distance(Arithmetic::floats);
  result.integer_kernels =
      integers ? distance(Arithmetic::integers) : std::numeric_limits<double>::quiet_NaN();
  return result;
}

}  // namespace fallline
