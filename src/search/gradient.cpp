#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/optim/optimizer.hpp>
#include <vector>

#include "aligned.hpp"
#include "indices.hpp"
#include "search/strategies.hpp"
#include "train/initial_weights.hpp"

namespace fallline {
namespace {

/// As a training run of the same seed begins.
AlignedVector<float> first_weights(const SearchPlan& plan) {
  const std::vector<float> weights =
      Network(plan.classes, plan.features)
          .initial_parameters(plan.options.seed, plan.options.initial_scale);
  return {weights.begin(), weights.end()};
}

std::string divergence_message(const SearchPlan& plan, std::uint64_t attempt) {
  return fmt::format(
      "the loss or its gradient is no finite number at attempt {}, learning rate {:g}\n"
      "  {}; the best weights before it are kept",
      attempt, plan.learning_rate,
      plan.options.learning_rate == 0
          ? "features of very different sizes are the likely cause: try --preprocess feature"
          : "the rate is most likely too high: leave --learning-rate out to have it chosen");
}

}  // namespace

std::string follow_gradient(const SearchPlan& plan, BatchObjective& objective, Record& record,
                            Workers& workers) {
  AlignedVector<float> now = first_weights(plan);
  AlignedVector<float> next(now.size());
  AlignedVector<float> gradient(now.size());
  const std::vector<std::size_t> all = all_indices(plan.examples);
  const auto descent = make_optimizer<float>({.name = "sgd"}, plan.parameters);
  while (record.left() > 0) {
    const Measure found = objective.value_and_gradient(now, all, gradient);
    if (record.take(found)) std::ranges::copy(now, record.weights().begin());
    if (!std::isfinite(found.objective()) || !std::isfinite(found.gradient_norm))
      return divergence_message(plan, record.attempts());
    descent->step({.t = record.attempts(), .rate = plan.learning_rate}, now, gradient, next,
                  &workers);
    now.swap(next);
  }
  return {};
}

}  // namespace fallline
