#include "help_format.hpp"

namespace fallline::tool {

std::string HelpFormat::make_option_opts(const CLI::Option* option) const {
  std::string text;
  if (option->get_type_size() != 0) {
    if (!option->get_type_name().empty()) text += " " + get_label(option->get_type_name());
    if (!option->get_default_str().empty()) text += "=" + option->get_default_str();
    if (option->get_required()) text += " " + get_label("REQUIRED");
  }
  if (!option->get_envname().empty())
    text += " (" + get_label("Env") + ":" + option->get_envname() + ")";
  for (const CLI::Option* other : option->get_excludes())
    text += " " + get_label("Excludes") + ": " + other->get_name();
  return text;
}

}  // namespace fallline::tool
