#pragma once

#include <cmath>
#include <fallline/tune/spread.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace fallline::tune {

using Json = nlohmann::ordered_json;

constexpr int report_version = 1;

/// JSON has no infinity and no NaN.
inline Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
inline Json number(const std::optional<double>& value) { return value ? number(*value) : Json(); }

inline Json json_of(const Spread& s) {
  return {{"mean", number(s.mean)}, {"deviation", number(s.deviation)}};
}

inline std::string text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fallline::tune
