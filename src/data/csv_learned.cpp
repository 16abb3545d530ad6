#include "data/csv_learned.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "data/listed_names.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

/// Nothing in a table without labels.
using LabelPlace = std::optional<std::size_t>;

/// A usual label that is no feature.
LabelPlace usual_label_beside(const CsvLayout& layout, const LearnedNames& learned) {
  const LabelPlace usual = usual_label(layout);
  return usual && !learned.features.contains(layout.names[*usual]) ? usual : std::nullopt;
}

/// The one column that is no feature.
LabelPlace only_column_beside(const CsvLayout& layout, const LearnedNames& learned) {
  LabelPlace found;
  for (std::size_t i = 0; i < layout.columns; ++i) {
    if (learned.features.contains(layout.names[i])) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

LabelPlace label_by_name(const CsvLayout& layout, const LearnedNames& learned) {
  const std::string_view name = learned.label;
  if (!name.empty()) {
    const LabelPlace column =
        csv_column_where(layout, name, [name](std::string_view called) { return called == name; });
    return column ? column : usual_label_beside(layout, learned);
  }
  // A model of version 0.1, or of a table without names, does not know.
  const LabelPlace usual = usual_label_beside(layout, learned);
  return usual ? usual : only_column_beside(layout, learned);
}

void take_features_by_name(CsvLayout& layout, const Schema& schema, const std::string& file) {
  std::vector<std::string> names;
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < layout.columns; ++i) {
    if (i == layout.label) continue;
    names.push_back(layout.names[i]);
    columns.push_back(i);
  }
  for (const std::size_t place : places_of(schema.feature_names, names, file))
    layout.features.push_back(columns[place]);
  note_columns(names, schema.feature_names, layout.notes);
}

/// Tables of one header, with one name more than once among their features.
bool same_names_in_order(const CsvLayout& layout, const Schema& schema) {
  std::vector<std::string> names = layout.names;
  if (layout.label) names.erase(names.begin() + static_cast<std::ptrdiff_t>(*layout.label));
  return names == schema.feature_names;
}

void take_columns_by_name(CsvLayout& layout, const Schema& schema, const std::string& file,
                          bool label_chosen) {
  const LearnedNames learned(schema);
  if (!label_chosen) layout.label = label_by_name(layout, learned);
  if (!same_names_in_order(layout, schema)) take_features_by_name(layout, schema, file);
}

LabelPlace label_by_place(const CsvLayout& layout, const Schema& schema) {
  if (layout.columns == schema.features) return std::nullopt;
  const LabelPlace usual = layout.header ? usual_label(layout) : std::nullopt;
  if (usual) return usual;
  const std::size_t last = layout.columns - 1;
  return schema.label ? std::min(schema.label->column, last) : last;
}

void take_columns_by_place(CsvLayout& layout, const Schema& schema, const std::string& file,
                           bool label_chosen) {
  if (!label_chosen) layout.label = label_by_place(layout, schema);
  const std::size_t features = layout.columns - (layout.label ? 1 : 0);
  if (features == schema.features) return;
  throw bad_input({.file = file},
                  fmt::format("has {} columns, where the model has {} features{}", layout.columns,
                              schema.features, label_chosen ? "" : " and a label"),
                  "give the columns that the model was trained on");
}

}  // namespace

LearnedNames::LearnedNames(const Schema& schema)
    : features(schema.feature_names.begin(), schema.feature_names.end()),
      label(schema.label ? std::string_view(schema.label->name) : std::string_view()) {}

void take_learned_columns(CsvLayout& layout, const Schema& schema, const std::string& file,
                          bool label_chosen) {
  if (layout.header && !schema.feature_names.empty())
    take_columns_by_name(layout, schema, file, label_chosen);
  else
    take_columns_by_place(layout, schema, file, label_chosen);
  if (label_chosen) return;
  layout.notes.push_back(layout.label
                             ? "the label is " + csv_column_text(layout, *layout.label)
                             : std::string("no column is the label's: the rows have no labels"));
}

}  // namespace fallline::data
