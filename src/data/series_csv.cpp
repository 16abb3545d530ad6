#include <fmt/format.h>

#include <cmath>
#include <fallline/error.hpp>
#include <limits>
#include <vector>

#include "data/cell_advice.hpp"
#include "data/csv_table.hpp"
#include "data/csv_tokens.hpp"
#include "data/series_formats.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

/// Whether a cell says that there is no value.
bool stands_for_nothing(std::string_view cell) {
  const auto value = number(cell);
  return is_missing(cell) || (value && std::isnan(*value));
}

void pass_header(CsvTokens& tokens, const CsvTable& table) {
  if (!table.header || !tokens.next_row()) return;
  while (!tokens.row_ended()) (void)tokens.cell();
}

/// The last column whose first cell that says anything is a number. One cell decides, so that a
/// cell which is none further down is an error, and no reason to take another column.
std::size_t last_numeric_column(CsvTokens tokens, const CsvTable& table, const std::string& file) {
  constexpr int rows_looked_at = 100;
  enum class Kind : std::uint8_t { unknown, number, text };
  std::vector<Kind> kinds(table.columns, Kind::unknown);
  pass_header(tokens, table);
  for (int row = 0; row < rows_looked_at && tokens.next_row(); ++row)
    for (std::size_t column = 0; !tokens.row_ended(); ++column) {
      const std::string_view cell = tokens.cell();
      if (column >= kinds.size() || kinds[column] != Kind::unknown || stands_for_nothing(cell))
        continue;
      kinds[column] = double_number(cell) ? Kind::number : Kind::text;
    }
  for (std::size_t column = kinds.size(); column-- > 0;)
    if (kinds[column] == Kind::number) return column;
  throw bad_input({.file = file}, "has no column that begins with a number",
                  "a series has a number a row, decimals with a point; cells are separated by "
                  "commas, tabs or semicolons");
}

/// Reads one column of a table, row by row.
class Column {
 public:
  Column(std::string_view text, const CsvTable& table, std::size_t column, Series& series,
         bool skip_missing)
      : tokens_(text, table.delimiter, series.file),
        table_(table),
        column_(column),
        series_(series),
        skip_missing_(skip_missing) {}

  void read() {
    pass_header(tokens_, table_);
    while (tokens_.next_row()) read_row();
    if (series_.values.empty())
      throw bad_input({.file = series_.file},
                      table_.header ? "holds a header, but no rows" : "holds no rows");
  }

 private:
  void read_row() {
    std::size_t column = 0;
    for (; !tokens_.row_ended(); ++column) {
      const std::string_view cell = tokens_.cell();
      if (column == column_) series_.values.push_back(value_of(cell));
    }
    if (column != table_.columns)
      throw ragged_row(series_.file, tokens_.line(), column, table_.columns);
  }

  [[nodiscard]] double value_of(std::string_view cell) const {
    const auto value = double_number(cell);
    if (value && std::isfinite(*value)) return *value;
    if (skip_missing_ && stands_for_nothing(cell)) return std::numeric_limits<double>::quiet_NaN();
    throw bad_input({.file = series_.file, .row = tokens_.line(), .column = column_ + 1},
                    why_no_number(cell, "a number"), advice_on(cell));
  }

  [[nodiscard]] std::string advice_on(std::string_view cell) const {
    if (stands_for_nothing(cell)) return "fill it in, remove the row, or skip missing values";
    if (tokens_.line() == 1 && cell.front() >= 'A')
      return "if the first row holds names, say that it is a header";
    if (auto advice = advice_by_looks(cell, column_ == 0)) return *std::move(advice);
    if (tokens_.line() == 1) return "if the first row holds names, say that it is a header";
    return "mend the cell, remove the row, or choose another column";
  }

  CsvTokens tokens_;
  const CsvTable& table_;
  std::size_t column_;
  Series& series_;
  bool skip_missing_;
};

}  // namespace

Series series_of_csv(std::string_view text, const std::string& file, const SeriesOptions& options) {
  require_utf8_cells(text, file);
  const CsvTable table = csv_table(text, file, options.header, options.memory_limit);
  Series series{.file = file, .notes = table.notes};
  const bool chosen = !options.column.empty();
  const std::size_t column =
      chosen ? csv_column(table, options.column, "series")
             : last_numeric_column(CsvTokens(text, table.delimiter, file), table, file);
  if (table.header) series.name = table.names[column];
  if (!chosen && table.columns > 1)
    series.notes.push_back("the series is " + csv_column_text(table, column) +
                           ", the last with numbers");
  reserve(series, text, options.memory_limit);
  Column(text, table, column, series, options.skip_missing).read();
  return series;
}

}  // namespace fallline::data
