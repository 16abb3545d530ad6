#pragma once

// What the library's JSON has in common.

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace fallline {

/// Keys stay in the order in which they were added.
using Json = nlohmann::ordered_json;

/// JSON has no infinity and no NaN: they are null, as is what there is not.
[[nodiscard]] inline Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
[[nodiscard]] inline Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json();
}

/// Indented, with the line's end; bytes that are no UTF-8 are replaced.
[[nodiscard]] inline std::string indented(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// On one line: what holds thousands of numbers.
[[nodiscard]] inline std::string compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fallline
