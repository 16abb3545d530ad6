#pragma once

#include <cmath>
#include <string>
#include <string_view>

namespace fallline::data {

/// A number as a cell keeps it: what is smaller in size than 1.2e-38, the least normal number of
/// single precision, is 0. With smaller ones, the subnormal, processors compute some ten times as
/// slowly, and no descent could tell them from 0.
[[nodiscard]] inline float cell_value(float x) {
  return std::fpclassify(x) == FP_SUBNORMAL ? 0.0F : x;
}

/// Whether a number's text has a digit other than 0 before its exponent.
[[nodiscard]] inline bool is_not_zero(std::string_view text) {
  return text.substr(0, text.find_first_of("eE")).find_first_of("123456789") !=
         std::string_view::npos;
}

/// For the notes of a source with so many of them.
[[nodiscard]] inline std::string tiny_cells_note(std::size_t count) {
  return std::to_string(count) + (count == 1
                                      ? " cell is smaller in size than 1.2e-38, and reads as 0"
                                      : " cells are smaller in size than 1.2e-38, and read as 0");
}

}  // namespace fallline::data
