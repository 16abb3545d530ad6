#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace fallline::tool {

/// CLI11's own checks of these name the largest number there is, in 309 digits.
inline CLI::Validator number_check(const char* description, const char* wanted,
                                   bool (*fits)(double)) {
  return CLI::Validator(
      [wanted, fits](std::string& text) -> std::string {
        double value = 0;
        if (!CLI::detail::lexical_cast(text, value)) return "'" + text + "' is no number";
        return fits(value) ? "" : text + " is not " + wanted;
      },
      description);
}

inline const CLI::Validator positive =
    number_check("POSITIVE", "above 0", [](double x) { return x > 0; });
inline const CLI::Validator not_negative =
    number_check("NONNEGATIVE", "0 or above", [](double x) { return x >= 0; });

}  // namespace fallline::tool
