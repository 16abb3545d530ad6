#include "configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fallline/error.hpp>
#include <fallline/version.hpp>
#include <filesystem>
#include <string_view>

namespace fallline::tool {
namespace {

constexpr std::array<std::string_view, 6> of_one_call{"help",   "config", "run-directory",
                                                      "format", "quiet",  "output"};

bool plain(const std::string& value) {
  if (value == "true" || value == "false") return true;
  double number = 0;
  return CLI::detail::lexical_cast(value, number);
}

std::string in_quotes(const std::string& value) {
  // The reader knows no escapes: a value with a double quote goes between single ones.
  const char mark = value.find('"') == std::string::npos ? '"' : '\'';
  return mark + value + mark;
}

std::string value_of(const CLI::Option& option) {
  return option.count() > 0 ? option.results().front() : option.get_default_str();
}

}  // namespace

std::string configuration_text(const CLI::App& app,
                               const std::map<std::string, std::string>& understood) {
  std::string text = fmt::format("# fallline {}; repeat with: fallline {} --config run.toml\n",
                                 version, app.get_name());
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_single_name();
    if (std::ranges::find(of_one_call, name) != of_one_call.end()) continue;
    const auto known = understood.find(name);
    std::string value = known == understood.end() ? value_of(*option) : known->second;
    if (name == "data" || name == "test" || name == "labels") {
      if (value.empty()) continue;
      value = std::filesystem::absolute(value).string();
    }
    if (value.empty()) continue;
    text += fmt::format("{} = {}\n", name, plain(value) ? value : in_quotes(value));
  }
  return text;
}

namespace {

/// The settings of an optimizer go with it: another on the command line starts from its own.
bool of_another_optimizer(const CLI::App& app, const CLI::Option& option, bool chosen) {
  return chosen && option.get_group() == "Optimizer" && &option != app.get_option("--optimizer") &&
         &option != app.get_option("--preset");
}

bool chooses_optimizer(const CLI::App& app) {
  const CLI::Option* optimizer = app.get_option_no_throw("--optimizer");
  return optimizer != nullptr && optimizer->count() + app.get_option("--preset")->count() > 0;
}

void take(CLI::App& app, const std::string& toml, bool strict) {
  const bool chosen = chooses_optimizer(app);
  for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_file(toml)) {
    CLI::Option* option = app.get_option_no_throw("--" + item.name);
    if (option == nullptr && strict) throw CLI::ConfigError::Extras(item.fullname());
    if (option == nullptr || (!strict && option->get_group() == "Machine")) continue;
    if (option->count() > 0 || item.inputs.empty()) continue;
    if (of_another_optimizer(app, *option, chosen)) continue;
    option->add_result(item.inputs);
    option->run_callback();
  }
}

}  // namespace

void take_configuration(CLI::App& app, const std::string& toml, bool strict) {
  try {
    take(app, toml, strict);
  } catch (const CLI::Error& error) {
    throw fallline::bad_input({.file = toml}, error.what(),
                              "a configuration has lines 'option = value', as a run.toml has");
  }
}

}  // namespace fallline::tool
