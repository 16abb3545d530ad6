#include <fmt/format.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/optim/link.hpp>
#include <fallline/optim/settings.hpp>

#include "names.hpp"

namespace fallline {
namespace {

constexpr Names<Preset, 5> presets{"preset",
                                   {{{Preset::standard, "standard"},
                                     {Preset::course, "course"},
                                     {Preset::torch, "torch"},
                                     {Preset::optax, "optax"},
                                     {Preset::tf1, "tf1"}}}};

[[noreturn]] void refuse(double value, const char* field, const std::string& bound) {
  throw usage_error(fmt::format("{} is {}", field, value), "it must be " + bound);
}

}  // namespace

std::string_view name_of(Preset preset) { return presets.name_of(preset); }
Preset preset_named(std::string_view name) { return presets.value_of(name); }

namespace optim {

void require_within(double value, double low, double high, const char* field) {
  if (!(value >= low && value < high))
    refuse(value, field, fmt::format("at least {} and less than {}", low, high));
}

void require_not_negative(double value, const char* field) {
  if (!(std::isfinite(value) && value >= 0)) refuse(value, field, "finite and at least 0");
}

void require_denominator(double sum_of_eps) {
  if (!(sum_of_eps > 0))
    throw usage_error("eps and eps-root are 0: a parameter without gradient would become 0/0",
                      "one of them must be above 0");
}

void require_positive(double value, const char* field) {
  if (!(value > 0)) refuse(value, field, "above 0");
}

}  // namespace optim
}  // namespace fallline
