#pragma once

// What the JSON of slices and of paths have in common.

#include <fallline/landscape/site.hpp>
#include <fallline/landscape/slice.hpp>
#include <span>
#include <vector>

#include "ordered_json.hpp"

namespace fallline::landscape {

constexpr int json_version = 1;

[[nodiscard]] Json model_json(const Site& site, const Subject& subject);
[[nodiscard]] Json data_json(const Site& site, const Subject& subject, std::size_t examples);

/// A column of numbers; `of(x)` of each.
template <class Values, class Of>
[[nodiscard]] Json column(const Values& values, Of of) {
  Json json = Json::array();
  for (const auto& value : values) json.push_back(number(of(value)));
  return json;
}
[[nodiscard]] inline Json column(std::span<const double> values) {
  return column(values, [](double x) { return x; });
}

/// `of` the measures of a line, or of a plane row by row.
template <class Of>
[[nodiscard]] Json grid_json(std::span<const Measure> points, std::size_t columns, bool plane,
                             Of of) {
  if (!plane) return column(points, of);
  Json rows = Json::array();
  for (std::size_t first = 0; first < points.size(); first += columns)
    rows.push_back(column(points.subspan(first, columns), of));
  return rows;
}

inline double loss_of(const Measure& m) { return m.loss; }
inline double objective_of(const Measure& m) { return m.objective(); }
inline double accuracy_of(const Measure& m) { return m.accuracy(); }

}  // namespace fallline::landscape
