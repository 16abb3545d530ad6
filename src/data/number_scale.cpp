#include "data/number_scale.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace fallline::data {
namespace {

constexpr std::size_t most_looked_at = 1000;  // every evaluation looks
constexpr float more_than_counts = 16;        // small whole numbers may count anything

/// What may still be said of the numbers seen so far.
struct Range {
  bool whole = true;   ///< all are whole numbers from 0 to 255
  bool within = true;  ///< all are between -1 and 1
  bool large = false;

  void see(float x) {
    whole = whole && x >= 0 && x <= 255 && x == std::floor(x);
    within = within && x >= -1 && x <= 1;
    large = large || x > more_than_counts;
  }
};

}  // namespace

NumberScale scale_of(const Dataset& data) {
  const std::size_t rows = std::min(data.size(), most_looked_at);
  const bool bytes = data.cells() == CellType::u8;
  Range range;
  // Most sets are settled by their first row.
  const auto open = [&] { return bytes ? !range.large : range.whole || range.within; };
  for (std::size_t i = 0; i < rows && open(); ++i)
    for (std::size_t d = 0; d < data.features() && open(); ++d)
      range.see(data.cell(i * data.size() / rows, d));
  if (range.whole) return range.large ? NumberScale::bytes : NumberScale::any;
  return range.within ? NumberScale::unit : NumberScale::any;
}

void note_scale(const Dataset& data, NumberScale learned, std::vector<std::string>& notes) {
  if (learned == NumberScale::any) return;
  const NumberScale found = scale_of(data);
  if (found == learned || found == NumberScale::any) return;
  notes.emplace_back(
      learned == NumberScale::bytes
          ? "the model was trained on whole numbers up to 255, and these lie between -1 and 1: "
            "were they divided by 255?"
          : "the model was trained on numbers between -1 and 1, and these are whole numbers up to "
            "255: were those divided by 255?");
}

std::string_view name_of(NumberScale scale) {
  switch (scale) {
    case NumberScale::any:
      break;
    case NumberScale::bytes:
      return "bytes";
    case NumberScale::unit:
      return "unit";
  }
  return "any";
}

std::optional<NumberScale> number_scale(std::string_view name) {
  for (const NumberScale scale : {NumberScale::bytes, NumberScale::unit})
    if (name_of(scale) == name) return scale;
  return std::nullopt;
}

}  // namespace fallline::data
