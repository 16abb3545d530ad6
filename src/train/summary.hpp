#pragma once

// What the summaries of runs are made of.

#include <fallline/objective/evaluation.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace fallline {

using Json = nlohmann::ordered_json;

inline constexpr int summary_version = 1;

/// JSON has no infinity and no NaN: they are null.
[[nodiscard]] Json number(double value);
/// The same in a line of a history, in 9 digits.
[[nodiscard]] std::string json_number(double value);

/// All figures of an evaluation.
[[nodiscard]] Json with_classes(const Evaluation& evaluation,
                                const std::vector<std::string>& names);

/// Indented, with the line's end.
[[nodiscard]] std::string indented(const Json& json);

}  // namespace fallline
