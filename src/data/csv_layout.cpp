#include "data/csv_layout.hpp"

#include <algorithm>
#include <array>
#include <fallline/error.hpp>

#include "data/cell_advice.hpp"
#include "data/csv_learned.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

constexpr std::array<std::string_view, 4> label_names{"label", "class", "target", "y"};

/// Also in a header that is marked as a comment, as numpy.savetxt writes it: "# label,a,b".
bool is_default_label(std::string_view name, std::string_view wanted) {
  if (is_comment(name)) name = trimmed(name.substr(1));
  return std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

/// Whether a cell above text must be a column's name: a label's usual one (but not "y", which is a
/// usual label, too).
bool can_only_name_a_label(std::string_view cell) {
  return std::any_of(label_names.begin(), label_names.end() - 1,
                     [cell](std::string_view usual) { return is_default_label(cell, usual); });
}

/// Names that a label often has, and a feature may have as well.
constexpr std::array<std::string_view, 8> likely_names{
    "survived", "outcome", "diagnosis", "species", "category", "result", "response", "output"};

bool called(const CsvTable& table, std::size_t column, std::string_view wanted) {
  return table.header && is_default_label(table.names[column], wanted);
}

template <class Names>
bool called_one_of(const CsvTable& table, std::size_t column, const Names& names) {
  return std::ranges::any_of(names,
                             [&](std::string_view name) { return called(table, column, name); });
}

/// A column called y is a coordinate where one called x stands before it, and others follow.
bool is_coordinate(const CsvTable& table, std::size_t column) {
  if (!called(table, column, "y") || column + 1 == table.columns) return false;
  for (std::size_t before = 0; before < column; ++before)
    if (called(table, before, "x")) return true;
  return false;
}

/// The columns that a person may have meant beside the one that was taken: others with a label's
/// name, and the last where that name may be a feature's.
std::vector<std::size_t> passed_over(const CsvTable& table, std::size_t label) {
  std::vector<std::size_t> columns;
  const bool doubtful = called(table, label, "class") || called(table, label, "y");
  for (std::size_t column = 0; column < table.columns && table.header; ++column) {
    if (column == label) continue;
    const bool last = column + 1 == table.columns;
    if (called_one_of(table, column, label_names) || called_one_of(table, column, likely_names) ||
        (last && doubtful))
      columns.push_back(column);
  }
  return columns;
}

/// Names the first three of them.
std::string passed_over_text(const CsvTable& table, const std::vector<std::size_t>& columns) {
  constexpr std::size_t most = 3;
  if (columns.empty()) return {};
  std::string text = "; not taken:";
  for (std::size_t i = 0; i < std::min(most, columns.size()); ++i)
    text += (i == 0 ? " " : " and ") + csv_column_text(table, columns[i]);
  return text + (columns.size() > most ? ", …" : "");
}

std::optional<std::size_t> chosen_label(const std::string& choice, const CsvTable& table) {
  if (choice == "none") return std::nullopt;
  if (choice == "first") return 0;
  if (choice == "last") return table.columns - 1;
  return csv_column(table, choice, "label");
}

void choose_label(CsvLayout& layout, const std::string& choice) {
  if (!choice.empty()) {
    layout.label = chosen_label(choice, layout);
    return;
  }
  const std::size_t column = usual_label(layout).value_or(layout.columns - 1);
  layout.label = column;
  layout.notes.push_back("the label is " + csv_column_text(layout, column) +
                         (column + 1 == layout.columns ? ", the last" : "") +
                         passed_over_text(layout, passed_over(layout, column)));
}

}  // namespace

std::optional<std::size_t> usual_label(const CsvTable& table) {
  for (const std::string_view usual : label_names) {
    const auto column = csv_column_where(
        table, usual, [usual](std::string_view name) { return is_default_label(name, usual); });
    if (column && !is_coordinate(table, *column)) return column;
  }
  return std::nullopt;
}

CsvLayout csv_layout(std::string_view text, const std::string& file, const OpenOptions& options) {
  const std::optional<Schema>& schema = options.schema;
  static const Schema nothing;
  const LearnedNames learned(schema ? *schema : nothing);
  const auto names_a_column = [&learned](std::string_view cell) {
    return can_only_name_a_label(cell) || learned.contain(cell);
  };
  CsvLayout layout{csv_table(text, file, options.header, options.memory_limit, names_a_column),
                   std::nullopt,
                   {}};
  const bool chosen = !options.label_column.empty();
  if (chosen || !schema) choose_label(layout, options.label_column);
  if (schema) take_learned_columns(layout, *schema, file, chosen);
  return layout;
}

}  // namespace fallline::data
