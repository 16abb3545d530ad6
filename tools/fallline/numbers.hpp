#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace fallline::tool {

/// Why a number does not fit in the type of an option ("UINT", "INT", "FLOAT", with what follows),
/// or nothing: the parser would take the nearest one that does without a word, a negative one for
/// one near 2^64, and with a 0 before it one of base 8.
[[nodiscard]] std::string why_it_does_not_fit(const std::string& type, const std::string& text);

/// Has every numeric option of a program and its commands refuse what does not fit.
void refuse_what_does_not_fit(CLI::App& program);

/// A whole number from 0, where a text is one and fits.
[[nodiscard]] std::optional<std::uint64_t> whole_number(const std::string& text);

}  // namespace fallline::tool
