#pragma once

#include <fallline/data/schema.hpp>
#include <string>
#include <string_view>
#include <unordered_set>

#include "data/csv_layout.hpp"

namespace fallline::data {

/// What training called its columns: those of the features, and the label's.
struct LearnedNames {
  explicit LearnedNames(const Schema& schema);

  std::unordered_set<std::string_view> features;
  std::string_view label;  ///< empty: it had no name, or is not known

  [[nodiscard]] bool contain(std::string_view name) const {
    return features.contains(name) || (name == label && !label.empty());
  }
};

/// Gives a table the columns that training learned: by their names where the file and the schema
/// have them, else by their places, where a file without labels has one column less.
/// @param label_chosen  the layout's label is a person's choice, and stays
/// @throws Error(bad_input) where a feature's column is missing, by its name; Error(usage) where
///         more than one column has its name.
void take_learned_columns(CsvLayout& layout, const Schema& schema, const std::string& file,
                          bool label_chosen);

}  // namespace fallline::data
