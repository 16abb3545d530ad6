#pragma once

// What the summaries of runs are made of.

#include <fallline/objective/evaluation.hpp>
#include <string>
#include <vector>

#include "ordered_json.hpp"

namespace fallline {

inline constexpr int summary_version = 1;

/// A number in a line of a history, in 9 digits, or null.
[[nodiscard]] std::string json_number(double value);

/// All figures of an evaluation: the classes, 1,000 of them at most, and their confusion; of more
/// classes than `Confusion::most_dense` the pairs that were mistaken most often in place of the
/// matrix.
[[nodiscard]] Json with_classes(const Evaluation& evaluation,
                                const std::vector<std::string>& names);

}  // namespace fallline
