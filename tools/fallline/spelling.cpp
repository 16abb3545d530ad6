#include "spelling.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fallline/nearest_name.hpp>
#include <string_view>

namespace fallline::tool {
namespace {

using Names = std::vector<std::string_view>;

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App& command_named(const CLI::App& app, std::string_view word) {
  const auto commands = commands_of(app);
  const auto found = std::ranges::find(commands, word, &CLI::App::get_name);
  if (found != commands.end()) return **found;
  std::vector<std::string> names(commands.size());
  std::ranges::transform(commands, names.begin(),
                         [](const CLI::App* command) { return command->get_name(); });
  throw usage_error(fmt::format("there is no command '{}'", word),
                    did_you_mean(word, Names(names.begin(), names.end())) +
                        fmt::format("{} {}",
                                    app.get_parent() == nullptr
                                        ? std::string("the commands are")
                                        : fmt::format("those of '{}' are", app.get_name()),
                                    fmt::join(names, ", ")));
}

/// With their dashes.
std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const auto* list : {&option->get_lnames(), &option->get_fnames()})
      for (const std::string& name : *list)
        if (const std::string dashed = "--" + name; std::ranges::find(names, dashed) == names.end())
          names.push_back(dashed);
  return names;
}

bool looks_like_an_option(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && word.find_first_of("0123456789.") != 1;
}

}  // namespace

CLI::Validator one_of(std::vector<std::string> choices) {
  const std::string list = fmt::format("{{{}}}", fmt::join(choices, ","));
  return {[choices = std::move(choices)](std::string& value) {
            if (std::ranges::find(choices, value) != choices.end()) return std::string();
            return fmt::format("there is no '{}'\n  {}choose {}", value,
                               did_you_mean(value, Names(choices.begin(), choices.end())),
                               fmt::join(choices, ", "));
          },
          list};
}

void require_command(const CLI::App& program, int argc, char** argv) {
  const CLI::App* app = &program;
  for (int i = 1; i < argc && argv[i][0] != '-' && !commands_of(*app).empty(); ++i)
    app = &command_named(*app, argv[i]);
}

ParsedCommand parsed_command(const CLI::App& program) {
  const CLI::App* app = &program;
  std::string name = program.get_name();
  for (auto next = app->get_subcommands(); !next.empty(); next = app->get_subcommands()) {
    app = next.front();
    name += " " + app->get_name();
  }
  return {*app, name};
}

std::optional<Error> unknown_option(const CLI::App& app, const std::string& command) {
  if (app.get_allow_extras()) return std::nullopt;  // they are another parser's
  for (const std::string& word : app.remaining()) {
    if (!looks_like_an_option(word)) continue;
    const std::string name = "--" + word.substr(std::min(word.find_first_not_of('-'), word.size()));
    const std::string bare = name.substr(0, name.find('='));
    const std::vector<std::string> names = options_of(app);
    return usage_error(fmt::format("there is no option '{}' of '{}'", word, command),
                       did_you_mean(bare, Names(names.begin(), names.end())) +
                           fmt::format("'{} --help' lists them", command));
  }
  return std::nullopt;
}

}  // namespace fallline::tool
