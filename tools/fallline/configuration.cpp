#include "configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/train/configuration.hpp>
#include <fallline/version.hpp>
#include <filesystem>
#include <string_view>
#include <type_traits>

#include "numbers.hpp"

namespace fallline::tool {
namespace {

constexpr std::array<std::string_view, 6> of_one_call{"help",   "config", "run-directory",
                                                      "format", "quiet",  "output"};

/// What a configuration does not hold.
bool is_of_one_call(const std::string& name) {
  return std::ranges::find(of_one_call, name) != of_one_call.end();
}

/// The number that a text is, where writing the number gives the text again.
template <class T>
std::optional<T> exactly(const std::string& text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if constexpr (std::is_floating_point_v<T>)
    if (std::isnan(value)) return std::nullopt;  // it has a sign that TOML does not keep
  return whole && fmt::format("{}", value) == text ? std::optional(value) : std::nullopt;
}

/// An option's text as the value it is: what would not read back as the same text stays one,
/// unless the option is a number, of which there are several ways to write.
ConfigurationValue value_of(const CLI::Option& option, const std::string& text) {
  if (text == "true" || text == "false") return text == "true";
  if (const auto whole = exactly<std::int64_t>(text)) return *whole;
  if (const auto number = exactly<double>(text)) return *number;
  double number = 0;
  if (option.get_type_name().starts_with("FLOAT") && CLI::detail::lexical_cast(text, number))
    return number;
  return text;
}

std::string given(const CLI::Option& option) {
  return option.count() > 0 ? option.results().front() : option.get_default_str();
}

std::string absolute(const std::string& name, const std::string& value) {
  const bool path = name == "data" || name == "test" || name == "labels";
  return path && !value.empty() ? std::filesystem::absolute(value).string() : value;
}

}  // namespace

std::string configuration_text(const CLI::App& app,
                               const std::map<std::string, std::string>& understood) {
  Configuration configuration{
      .title = fmt::format("run.toml of fallline {}; repeat with: fallline {} --config run.toml",
                           version, app.get_name()),
      .entries = {}};
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_single_name();
    if (is_of_one_call(name)) continue;
    const auto known = understood.find(name);
    const std::string value =
        absolute(name, known == understood.end() ? given(*option) : known->second);
    if (!value.empty())
      configuration.entries.push_back({.key = name, .value = value_of(*option, value)});
  }
  return toml_text(configuration);
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

void take(const ConfigurationEntry& entry, const std::string& file, CLI::Option& option) {
  const std::string text = text_of(entry.value);
  try {
    if (text.empty()) throw CLI::ValidationError(option.get_name(), "is empty");
    if (text.find('\0') != std::string::npos)
      throw CLI::ValidationError(option.get_name(), "has a zero byte in it");
    if (const std::string why = why_it_does_not_fit(option.get_type_name(), text); !why.empty())
      throw CLI::ValidationError(option.get_name(), why);
    option.add_result(text);
    option.run_callback();
  } catch (const CLI::Error& error) {
    throw bad_input({.file = file, .row = entry.line}, error.what(),
                    fmt::format("mend '{}', or leave it out", entry.key));
  }
}

}  // namespace

void take_configuration(CLI::App& app, const std::string& file, bool strict) {
  const bool chosen = chooses_optimizer(app);
  const Configuration configuration = read_configuration(file);
  // One that was cut, or of the kernel's files, which have no size, does not ask for all defaults.
  if (configuration.entries.empty())
    throw bad_input({.file = file}, "has no options in it",
                    "a configuration has lines 'option = value', as a run.toml has");
  for (const ConfigurationEntry& entry : configuration.entries) {
    CLI::Option* option =
        is_of_one_call(entry.key) ? nullptr : app.get_option_no_throw("--" + entry.key);
    if (option == nullptr && strict)
      throw bad_input({.file = file, .row = entry.line},
                      fmt::format("'{}' is no option of 'fallline {}'", entry.key, app.get_name()),
                      "a configuration has lines 'option = value', as a run.toml has");
    if (option == nullptr || (!strict && option->get_group() == "Machine")) continue;
    if (option->count() > 0 || of_another_optimizer(app, *option, chosen)) continue;
    take(entry, file, *option);
  }
}

}  // namespace fallline::tool
