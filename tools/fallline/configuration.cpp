#include "configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fallline/version.hpp>
#include <filesystem>
#include <string_view>

namespace fallline::tool {
namespace {

constexpr std::array<std::string_view, 5> of_one_call{"help", "config", "run-directory", "format",
                                                      "quiet"};

bool plain(const std::string& value) {
  if (value == "true" || value == "false") return true;
  double number = 0;
  return CLI::detail::lexical_cast(value, number);
}

std::string quoted(const std::string& value) {
  // The reader knows no escapes: a value with a double quote goes between single ones.
  const char mark = value.find('"') == std::string::npos ? '"' : '\'';
  return mark + value + mark;
}

std::string value_of(const CLI::Option& option) {
  if (option.get_type_size() == 0) return option.count() > 0 ? "true" : "false";
  return option.count() > 0 ? option.results().front() : option.get_default_str();
}

}  // namespace

std::string configuration_text(const CLI::App& app) {
  std::string text =
      fmt::format("# fallline {}; repeat with: fallline train --config run.toml\n", version);
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_single_name();
    if (std::ranges::find(of_one_call, name) != of_one_call.end()) continue;
    std::string value = value_of(*option);
    if (name == "data" || name == "test" || name == "labels") {
      if (value.empty()) continue;
      value = std::filesystem::absolute(value).string();
    }
    if (value.empty()) continue;
    text += fmt::format("{} = {}\n", name, plain(value) ? value : quoted(value));
  }
  return text;
}

}  // namespace fallline::tool
