#pragma once

#include <fallline/tune/spread.hpp>

#include "ordered_json.hpp"

namespace fallline::tune {

constexpr int report_version = 1;

inline Json json_of(const Spread& s) {
  return {{"mean", number(s.mean)}, {"deviation", number(s.deviation)}};
}

}  // namespace fallline::tune
