#pragma once

#include <cstring>
#include <fallline/data/dataset.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fallline::test {

/// A dataset of cells written row by row: bytes or floats as `Cell` is.
template <class Cell>
Dataset table(std::size_t features, const std::vector<Cell>& cells,
              std::vector<std::int32_t> labels, std::vector<std::string> class_names,
              std::optional<ImageShape> shape = std::nullopt,
              std::vector<std::string> feature_names = {}) {
  const auto kept = std::make_shared<const std::vector<Cell>>(cells);
  DatasetParts parts{.name = "table",
                     .cells = sizeof(Cell) == 1 ? CellType::u8 : CellType::f32,
                     .features = features,
                     .labels = std::move(labels),
                     .class_names = std::move(class_names),
                     .feature_names = std::move(feature_names),
                     .shape = shape,
                     .storage = {kept}};
  for (std::size_t at = 0; at < kept->size(); at += features)
    parts.rows.push_back(reinterpret_cast<const std::byte*>(kept->data() + at));
  return Dataset(std::move(parts));
}

}  // namespace fallline::test
