#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fallline/error.hpp>
#include <fallline/nearest_name.hpp>
#include <fallline/optim/clip.hpp>
#include <fallline/optim/decay.hpp>
#include <fallline/optim/optimizer.hpp>
#include <tuple>
#include <variant>
#include <vector>

namespace fallline::optim {

/// The settings that every optimizer has beside its own.
struct Common {
  double clip_norm = std::numeric_limits<double>::infinity();
  double clip_value = std::numeric_limits<double>::infinity();
  double weight_decay = 0;

  static auto fields() {
    using F = Field<Common>;
    return std::array{F{"clip-norm", &Common::clip_norm}, F{"clip-value", &Common::clip_value},
                      F{"weight-decay", &Common::weight_decay}};
  }
};

template <class S>
void list_fields(const S& s, std::vector<Setting>& into) {
  for (const Field<S>& field : S::fields())
    std::visit(
        [&](auto member) {
          constexpr bool flag = std::is_same_v<decltype(member), bool S::*>;
          into.push_back(
              {.name = field.name, .value = static_cast<double>(s.*member), .flag = flag});
        },
        field.member);
}

/// Takes the values that have a field's name; says whether there is such a field.
template <class S>
bool take_field(S& s, std::string_view name, double value) {
  for (const Field<S>& field : S::fields()) {
    if (field.name != name) continue;
    if (std::holds_alternative<bool S::*>(field.member)) {
      if (value != 0 && value != 1)
        throw usage_error(fmt::format("{} is {}", name, value), "it must be 0 or 1");
      s.*std::get<bool S::*>(field.member) = value != 0;
    } else {
      s.*std::get<double S::*>(field.member) = value;
    }
    return true;
  }
  return false;
}

/// @throws Error(usage) that lists the settings that there are.
[[noreturn]] inline void refuse_setting(const OptimizerOptions& options, std::string_view name,
                                        const std::vector<Setting>& known) {
  std::vector<std::string_view> names;
  names.reserve(known.size());
  for (const Setting& setting : known) names.push_back(setting.name);
  throw usage_error(fmt::format("{} has no setting '{}'", options.name, name),
                    did_you_mean(name, names) + fmt::format("it has {}", fmt::join(names, ", ")));
}

[[noreturn]] inline void refuse_preset(const OptimizerOptions& options) {
  throw usage_error(fmt::format("{} has no optimizer '{}'", name_of(options.preset), options.name),
                    "choose another preset, or leave it out");
}

/// The preset's own settings.
/// @throws Error(usage) where its library has no such optimizer.
template <class S>
S preset_of(const OptimizerOptions& options) {
  const std::optional<S> preset = S::of(options.preset);
  if (!preset) refuse_preset(options);
  return *preset;
}

/// The settings of all `groups` with those that were chosen put in.
template <class... Groups>
std::tuple<Groups...> chosen(const OptimizerOptions& options, Groups... groups) {
  for (const auto& [name, value] : options.settings) {
    if ((take_field(groups, name, value) || ...)) continue;
    std::vector<Setting> known;
    (list_fields(groups, known), ...);
    refuse_setting(options, name, known);
  }
  return {groups...};
}

}  // namespace fallline::optim
