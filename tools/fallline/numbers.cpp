#include "numbers.hpp"

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace fallline::tool {
namespace {

/// Of a whole number, which a unit may follow.
std::string why_not_whole(const std::string& text, bool with_sign) {
  if (text.starts_with('-') && !with_sign) return text + " is below 0";
  const std::string digits = text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
  if (digits.empty() || digits[0] < '0' || digits[0] > '9') return "'" + text + "' is no number";
  if (digits[0] == '0' && digits.find_first_of("0123456789xX", 1) == 1)
    return text + " begins with a 0: write decimal numbers without";
  errno = 0;
  if (with_sign)
    (void)std::strtoll(text.c_str(), nullptr, 10);
  else
    (void)std::strtoull(text.c_str(), nullptr, 10);
  return errno == ERANGE ? text + " does not fit in 64 bits" : "";
}

}  // namespace

std::string why_it_does_not_fit(const std::string& type, const std::string& text) {
  if (type.starts_with("INT")) return why_not_whole(text, true);
  if (type.starts_with("UINT")) return why_not_whole(text, false);
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
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || (text.size() > 1 && text.starts_with('0'))) return std::nullopt;
  return value;
}

}  // namespace fallline::tool
