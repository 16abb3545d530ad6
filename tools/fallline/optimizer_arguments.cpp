#include "optimizer_arguments.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace fallline::tool {
namespace {

std::string help_of(const SettingInfo& setting) {
  const bool of_all = setting.optimizers.size() + 1 >= optimizers().size();
  const std::string of =
      of_all ? "all but lbfgs" : fmt::format("{}", fmt::join(setting.optimizers, ", "));
  return fmt::format("Of {}: {}", of, setting.meaning);
}

void add_setting(CLI::App& app, OptimizerOptions& options, const SettingInfo& setting) {
  const std::string name(setting.name);
  auto set = [&options, name](double value) { options.settings[name] = value; };
  CLI::Option* option =
      setting.flag ? app.add_flag_function("--" + name + ",!--no-" + name,
                                           [set](std::int64_t count) { set(count > 0 ? 1 : 0); })
                   : app.add_option_function<double>("--" + name, set);
  option->description(help_of(setting))->group("Optimizer");
}

}  // namespace

void add_optimizer(CLI::App& app, OptimizerOptions& options) {
  std::vector<std::string_view> names;
  for (const OptimizerInfo& info : optimizers()) names.push_back(info.name);
  app.add_option(
         "--optimizer", options.name,
         fmt::format("{}; momentum: what the preset calls so; 'fallline optimizers' shows them",
                     fmt::join(names, ", ")))
      ->group("Optimizer");
  app.add_option_function<std::string>(
         "--preset", [&options](const std::string& name) { options.preset = preset_named(name); },
         "Convention for its settings: standard, course, torch, optax or tf1")
      ->default_str("standard")
      ->group("Optimizer");
  for (const SettingInfo& setting : optimizer_settings()) add_setting(app, options, setting);
}

std::map<std::string, std::string> spelt_out(const OptimizerOptions& options) {
  std::map<std::string, std::string> texts;
  for (const Setting& s : settings_in_force(options)) {
    if (std::isinf(s.value)) continue;  // no bound
    texts[std::string(s.name)] =
        s.flag ? (s.value != 0 ? "true" : "false") : fmt::format("{}", s.value);
  }
  return texts;
}

}  // namespace fallline::tool
