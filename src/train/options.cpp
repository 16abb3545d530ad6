#include <fmt/format.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/objective/certificate.hpp>
#include <fallline/schedule/cosine.hpp>
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
  (void)make_optimizer<float>(optimizer, 0);
  if (certificate) require_certifiable(penalty);
  if (certificate && model != "linear")
    throw usage_error(
        "a certificate needs a linear classifier: the objective of a network has more "
        "than one minimum",
        "leave certificate out, or take the linear model");
  if (!whole_batch()) return;
  if (batch_size != automatic_batch && batch_size != full_batch)
    throw usage_error(fmt::format("{} needs all examples at every step", optimizer.name),
                      "set the batch size to full, or leave it out");
  if (sampling == Sampling::replacement)
    throw usage_error(fmt::format("{} needs the same examples at every step", optimizer.name),
                      "leave sampling with replacement out");
  if (learning_rate != 0 || (schedule && schedule->target<schedule::Constant>() == nullptr))
    throw usage_error(fmt::format("{} finds the length of its steps by itself", optimizer.name),
                      "leave learning rate and schedule out");
}

Schedule TrainOptions::schedule_in_force() const {
  if (schedule) return *schedule;
  if (model == "linear" || whole_batch()) return schedule::Constant{};
  return schedule::Cosine{};
}

bool TrainOptions::whole_batch() const {
  return optimizer_named(optimizer.name, optimizer.preset).whole;
}

}  // namespace fallline
