#pragma once

#include <string>
#include <string_view>

namespace fallline::data {

/// What the first bytes of a file say it is, of the kinds that are not read, with what to do:
/// archives, packed files, tables and pages of other programs. Empty where they say nothing.
[[nodiscard]] std::string foreign_kind(std::string_view head);

/// Why a text is no table with commas, tabs or semicolons, with what to do: a comment before it,
/// cells separated by pipes or white space. Empty where it does not look like either.
/// @param head  whole lines
[[nodiscard]] std::string foreign_table(std::string_view head);

}  // namespace fallline::data
