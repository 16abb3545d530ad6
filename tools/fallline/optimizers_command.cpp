#include <fmt/format.h>

#include <fallline/error.hpp>
#include <fallline/optim/compare.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "command.hpp"
#include "spelling.hpp"

namespace fallline::tool {
namespace {

using Json = nlohmann::ordered_json;

constexpr Preset presets[] = {Preset::standard, Preset::course, Preset::torch, Preset::optax,
                              Preset::tf1};

struct OptimizersArguments {
  std::string name;
  std::vector<std::string> compare;
  std::string format = "text";
};

Json json_of(const std::vector<Setting>& settings) {
  Json json = Json::object();
  for (const Setting& s : settings) {
    const std::string name(s.name);
    if (s.flag)
      json[name] = s.value != 0;
    else
      json[name] = s.value;  // infinity, no bound, becomes null
  }
  return json;
}

Json json_of(const OptimizerInfo& info) {
  Json json{{"name", info.name},
            {"formula", info.formula},
            {"source", info.source},
            {"full_batch_only", info.whole},
            {"presets", Json::object()}};
  for (const Preset preset : presets)
    if (const auto settings = settings_of(info.name, preset))
      json["presets"][std::string(name_of(preset))] = json_of(*settings);
  return json;
}

/// `name value, name value` of the settings that only some optimizers have, or of the others.
std::string settings_line(const OptimizerInfo& info, bool common) {
  std::string line;
  const auto settings = settings_of(info.name, Preset::standard);
  for (const Setting& s : settings.value())
    if (s.common == common)
      line += fmt::format("{}{} {}", line.empty() ? "" : ", ", s.name, text_of(s));
  return line;
}

void print_info(const OptimizerInfo& info) {
  fmt::print("{:<14} {}\n{:<14} {}\n", info.name, info.formula, "", info.source);
  if (const std::string line = settings_line(info, false); !line.empty())
    fmt::print("{:<14} {}\n", "", line);
}

void print_all() {
  const std::vector<OptimizerInfo> all = optimizers();
  fmt::print(
      "w <- w - lr (u + weight-decay w), with u for every parameter from its gradient g\n"
      "x^ is an average x without its bias, x/(1 - b^t)\n\n");
  for (const OptimizerInfo& info : all) print_info(info);
  fmt::print("\nAll but lbfgs: {}\n", settings_line(all.front(), true));
}

std::string value_in(const OptimizerInfo& info, Preset preset, std::string_view setting) {
  if (const auto settings = settings_of(info.name, preset))
    for (const Setting& s : *settings)
      if (s.name == setting) return text_of(s);
  return "-";
}

/// One column a preset.
void print_presets(const OptimizerInfo& info) {
  fmt::print("{:<14} {}\n{:<14} {}\n\n{:<18}", info.name, info.formula, "", info.source, "setting");
  for (const Preset preset : presets) fmt::print("{:>10}", name_of(preset));
  fmt::print("\n");
  const auto settings = settings_of(info.name, Preset::standard);
  for (const Setting& s : settings.value()) {
    fmt::print("{:<18}", s.name);
    for (const Preset preset : presets) fmt::print("{:>10}", value_in(info, preset, s.name));
    fmt::print("  {}\n", meaning_of(s.name));
  }
}

Json steps_json(const OptimizerOptions& options) {
  Json json{{"preset", name_of(options.preset)},
            {"optimizer", optimizer_named(options.name, options.preset).name},
            {"settings", json_of(settings_in_force(options))},
            {"steps", Json::array()}};
  if (!optimizer_named(options.name, options.preset).whole)
    for (const auto& w : first_steps(options)) json["steps"].push_back(w);
  return json;
}

void print_steps(const OptimizerOptions& options) {
  const auto steps = first_steps(options);
  for (std::size_t k = 0; k < steps.size(); ++k)
    fmt::print("{:<10} {:>4} {:>22.15g} {:>22.15g}\n", k == 0 ? name_of(options.preset) : "", k + 1,
               steps[k][0], steps[k][1]);
}

void print_comparison(const std::string& name, Preset a, Preset b) {
  const std::vector<std::string> list = differences(name, a, b);
  if (list.empty()) fmt::print("{} and {} write {} the same way.\n", name_of(a), name_of(b), name);
  for (const std::string& sentence : list) fmt::print("{}\n", sentence);
  if (optimizer_named(name, a).whole) return;
  fmt::print(
      "\nTwo steps from w = (1, 1) with g = (0.5, 1e-6), then (0.25, 1e-6), learning rate {}:\n",
      SmallExample::rate);
  fmt::print("{:<10} {:>4} {:>22} {:>22}\n", "preset", "step", "w1", "w2");
  print_steps({.name = name, .preset = a});
  print_steps({.name = name, .preset = b});
}

int compare(const OptimizersArguments& a) {
  if (a.name.empty() || a.compare.size() != 2)
    throw usage_error("--compare needs an optimizer and two presets",
                      "for instance: fallline optimizers adam --compare course,torch");
  const Preset first = preset_named(a.compare[0]);
  const Preset second = preset_named(a.compare[1]);
  if (a.format == "text") {
    print_comparison(a.name, first, second);
    return Exit::success;
  }
  const Json json{{"optimizer", a.name},
                  {"differences", differences(a.name, first, second)},
                  {"learning_rate", SmallExample::rate},
                  {"start", SmallExample::start},
                  {"gradients", SmallExample::gradients},
                  {"presets",
                   {steps_json({.name = a.name, .preset = first}),
                    steps_json({.name = a.name, .preset = second})}}};
  fmt::print("{}\n", json.dump(2));
  return Exit::success;
}

int run(const OptimizersArguments& a) {
  if (!a.compare.empty()) return compare(a);
  if (a.format == "json") {
    Json json = Json::array();
    for (const OptimizerInfo& info : optimizers()) json.push_back(json_of(info));
    fmt::print("{}\n", a.name.empty() ? json.dump(2) : json_of(optimizer_named(a.name)).dump(2));
  } else if (a.name.empty()) {
    print_all();
  } else {
    print_presets(optimizer_named(a.name));
  }
  return Exit::success;
}

}  // namespace

void add_optimizers(CLI::App& program, int& status) {
  auto a = std::make_shared<OptimizersArguments>();
  CLI::App* app =
      program.add_subcommand("optimizers", "The optimizers, their formulas and conventions");
  app->add_option("name", a->name, "One of them, with its settings in every preset");
  app->add_option("--compare", a->compare, "Two presets, such as course,torch: how they differ")
      ->delimiter(',')
      ->allow_extra_args(false);
  app->add_option("--format", a->format, "How results are printed on standard output")
      ->check(one_of({"text", "json"}))
      ->group("Output");
  app->callback([a, &status] { status = run(*a); });
}

}  // namespace fallline::tool
