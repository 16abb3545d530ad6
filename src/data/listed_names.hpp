#pragma once

// How messages speak of columns by their names.

#include <fallline/error.hpp>
#include <string>
#include <vector>

namespace fallline::data {

/// `'a', 'b', …`: the first dozen.
[[nodiscard]] std::string listed(const std::vector<std::string>& names);

/// That columns which a model needs are not there.
[[nodiscard]] Error missing_columns(const std::string& file,
                                    const std::vector<std::string>& missing,
                                    const std::vector<std::string>& needed);

/// Notes where the columns `found` stand in another order than those `wanted`, which are all among
/// them, and which of them are left out.
void note_columns(const std::vector<std::string>& found, const std::vector<std::string>& wanted,
                  std::vector<std::string>& notes);

}  // namespace fallline::data
