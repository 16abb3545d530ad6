#include "numbers.hpp"

#include <cerrno>
#include <cmath>
#include <cstdlib>

namespace fallline::tool {
namespace {

bool whole_fits(const std::string& text, bool with_sign) {
  errno = 0;
  if (with_sign || text.starts_with('-'))
    (void)std::strtoll(text.c_str(), nullptr, 0);
  else
    (void)std::strtoull(text.c_str(), nullptr, 0);
  return errno != ERANGE;
}

}  // namespace

std::string why_it_does_not_fit(const std::string& type, const std::string& text) {
  const bool with_sign = type.starts_with("INT");
  if (with_sign || type.starts_with("UINT"))
    return whole_fits(text, with_sign) ? "" : text + " does not fit in 64 bits";
  if (!type.starts_with("FLOAT")) return {};
  errno = 0;
  const double value = std::strtod(text.c_str(), nullptr);
  if (errno != ERANGE || (value != 0 && std::isfinite(value))) return {};
  return text + (value == 0 ? " is too small for double precision, and would be 0"
                            : " is too large for double precision");
}

void refuse_what_does_not_fit(CLI::App& program) {
  for (CLI::Option* option : program.get_options()) {
    const std::string type = option->get_type_name();
    // As a transformation it comes before what makes a number of 450MB.
    option->transform(CLI::Validator(
        [type](std::string& text) { return why_it_does_not_fit(type, text); }, std::string()));
  }
  for (CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; }))
    refuse_what_does_not_fit(*command);
}

std::optional<std::uint64_t> whole_number(const std::string& text) {
  std::uint64_t value = 0;
  if (text.empty() || text.starts_with('-') || !whole_fits(text, false) ||
      !CLI::detail::lexical_cast(text, value))
    return std::nullopt;
  return value;
}

}  // namespace fallline::tool
