#include <fmt/format.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/train/options.hpp>

namespace fallline {
namespace {

void require(bool holds, const char* field, double value, const char* bound) {
  if (!holds)
    throw usage_error(fmt::format("{} is {}", field, value), fmt::format("it must be {}", bound));
}

void require_finite_at_least_zero(const char* field, double value) {
  require(std::isfinite(value) && value >= 0, field, value, "finite and at least 0");
}

}  // namespace

void TrainOptions::validate() const {
  require(std::isfinite(loss.delta) && loss.delta > 0, "delta", loss.delta, "finite and above 0");
  require_finite_at_least_zero("l2", penalty.l2);
  require_finite_at_least_zero("l1", penalty.l1);
  require_finite_at_least_zero("learning rate", learning_rate);
  require_finite_at_least_zero("initial scale", initial_scale);
  (void)make_optimizer(optimizer, 0);
}

}  // namespace fallline
