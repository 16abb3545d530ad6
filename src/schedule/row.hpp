#pragma once

// What the table of schedules is made of: a row ties a name to a rule and its settings to keys.

#include <algorithm>
#include <fallline/schedule/schedule.hpp>
#include <fallline/schedule/text.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schedule/words.hpp"

namespace fallline::schedule {

/// A setting of the rule R under its key.
template <class R>
struct Setting {
  template <class T>
  Setting(std::string_view key_, T R::*member, std::string_view about_)
      : key(key_),
        about(about_),
        take([member](std::string_view value, std::string_view field, R& rule) {
          read(value, field, rule.*member);
        }),
        of([member](const R& rule) { return written(rule.*member); }) {}

  std::string_view key;
  std::string_view about;
  std::function<void(std::string_view value, std::string_view field, R&)> take;
  std::function<std::string(const R&)> of;
};

struct Row {
  ScheduleInfo info;
  std::function<Schedule(const Words&)> make;
  /// The text of a schedule whose rule is this row's; nothing for any other.
  std::function<std::optional<std::string>(const Schedule&)> text;
};

/// @throws Error(usage) that lists the keys of `info`.
[[noreturn]] void refuse_key(std::string_view key, const ScheduleInfo& info);

template <class R>
Schedule make(const ScheduleInfo& info, const std::vector<Setting<R>>& settings,
              const std::function<R(R)>& complete, const Words& words) {
  R rule;
  for (const auto& [key, value] : words.settings) {
    const auto setting =
        std::find_if(settings.begin(), settings.end(), [k = key](auto& s) { return s.key == k; });
    if (setting == settings.end()) refuse_key(key, info);
    setting->take(value, std::string(key) + " of " + info.name, rule);
  }
  return complete ? complete(std::move(rule)) : std::move(rule);
}

template <class R>
std::optional<std::string> text(const std::string& name, const std::vector<Setting<R>>& settings,
                                const Schedule& schedule) {
  const R* rule = schedule.target<R>();
  if (rule == nullptr) return std::nullopt;
  std::string text = name;
  for (const Setting<R>& setting : settings) {
    const std::string value = setting.of(*rule);
    if (value.empty()) continue;
    text += (text.size() == name.size() ? ':' : ',') + std::string(setting.key) + '=' + value;
  }
  return text;
}

/// The row of the rule R. Its defaults are those of R; `complete`, if any, is done to what was
/// read.
template <class R>
Row row(std::string name, std::string formula, std::vector<Setting<R>> settings = {},
        std::function<R(R)> complete = {}) {
  ScheduleInfo info{.name = std::move(name), .formula = std::move(formula)};
  for (const Setting<R>& s : settings)
    info.parameters.push_back(
        {.name = std::string(s.key), .value = s.of(R{}), .about = std::string(s.about)});
  return {.info = info,
          .make = [=](const Words& words) { return make<R>(info, settings, complete, words); },
          .text = [=, name = info.name](const Schedule& s) { return text<R>(name, settings, s); }};
}

}  // namespace fallline::schedule
