#pragma once

// How messages speak of columns by their names.

#include <cstddef>
#include <fallline/error.hpp>
#include <string>
#include <vector>

namespace fallline::data {

/// `'a', 'b', …`: the first dozen.
[[nodiscard]] std::string listed(const std::vector<std::string>& names);

/// Where each name of `wanted` is among those `found`, of which the others may stand more than
/// once.
/// @param file  for messages
/// @throws Error(bad_input) where one is missing, or stands twice
[[nodiscard]] std::vector<std::size_t> places_of(const std::vector<std::string>& wanted,
                                                 const std::vector<std::string>& found,
                                                 const std::string& file);

/// Notes where the columns `found` stand in another order than those `wanted`, which are all among
/// them, and which of them are left out.
void note_columns(const std::vector<std::string>& found, const std::vector<std::string>& wanted,
                  std::vector<std::string>& notes);

}  // namespace fallline::data
