#include <fmt/format.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/search/options.hpp>
#include <fallline/train/options.hpp>

#include "names.hpp"

namespace fallline {
namespace {

constexpr Names<Strategy, 3> names{
    "search",
    {{{Strategy::random, "random"}, {Strategy::local, "local"}, {Strategy::gradient, "gradient"}}}};

/// Attempts whose draws differ.
constexpr std::uint64_t most_tries = 0xffff'ffff;

void require_above_zero(const char* field, double value) {
  if (!(std::isfinite(value) && value > 0))
    throw usage_error(fmt::format("{} is {}", field, value), "it must be finite and above 0");
}

}  // namespace

std::string_view name_of(Strategy strategy) { return names.name_of(strategy); }
Strategy strategy_named(std::string_view name) { return names.value_of(name); }

void SearchOptions::validate() const {
  TrainOptions{.loss = loss,
               .penalty = penalty,
               .learning_rate = learning_rate,
               .initial_scale = initial_scale}
      .validate();
  if (tries == 0 || tries > most_tries)
    throw usage_error(fmt::format("tries is {}", tries),
                      fmt::format("it must be from 1 to {}", most_tries));
  require_above_zero("scale", scale);
  require_above_zero("step", step);
  if (!(std::isfinite(start) && start >= 0))
    throw usage_error(fmt::format("start is {}", start), "it must be finite and at least 0");
}

}  // namespace fallline
