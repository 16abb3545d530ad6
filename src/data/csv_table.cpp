#include "data/csv_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fallline/memory.hpp>
#include <tuple>

#include "data/cell_advice.hpp"
#include "data/csv_tokens.hpp"
#include "data/listed_names.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

using Cells = std::vector<std::string>;
using IsName = std::function<bool(std::string_view)>;

constexpr std::array delimiters{',', '\t', ';'};
constexpr std::array delimiter_names{"commas", "tabs", "semicolons"};

CsvFit fit(std::string_view text, char delimiter) {
  constexpr int rows_looked_at = 10;
  CsvFit found{.delimiter = delimiter};
  CsvTokens tokens(text, delimiter, {});
  try {
    for (int row = 0; row < rows_looked_at && tokens.next_row(); ++row) {
      std::size_t cells = 0;
      do {
        const std::string_view cell = tokens.cell();
        const bool counts = number(cell) || (delimiter != ',' && has_decimal_comma(cell));
        found.numbers += counts ? 1 : 0;
        ++cells;
      } while (!tokens.row_ended());
      if (row == 0) found.cells = cells;
      if (row == 1) found.even = cells == found.cells;
    }
  } catch (const Error&) {  // the rows before the fault have told enough; reading names it
  }
  return found;
}

std::size_t count_cells(CsvTokens tokens) {
  if (!tokens.next_row()) return 0;
  std::size_t cells = 0;
  for (bool more = true; more; more = !tokens.row_ended(), ++cells) (void)tokens.cell();
  return cells;
}

Cells next_cells(CsvTokens& tokens, std::size_t most) {
  Cells cells;
  if (!tokens.next_row()) return cells;
  for (bool more = true; more && cells.size() < most; more = !tokens.row_ended())
    cells.emplace_back(tokens.cell());
  return cells;
}

/// Whether a first cell can only be a name: text above a number, or one that `is_name` knows.
bool names_a_column(const std::string& first, const std::string& below, const IsName& is_name) {
  if (is_missing(first) || number(first)) return false;
  return is_missing(below) || number(below) || is_name(first);
}

bool has_header(const Cells& first, const Cells& second, const IsName& is_name) {
  if (second.empty())
    return std::none_of(first.begin(), first.end(),
                        [](const std::string& cell) { return number(cell).has_value(); });
  for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i)
    if (names_a_column(first[i], second[i], is_name)) return true;
  return false;
}

std::size_t numbered_column(std::string_view text, std::size_t columns, std::string_view what) {
  std::size_t column = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), column);
  if (error != std::errc{} || end != text.data() + text.size() || column < 1 || column > columns)
    throw usage_error(fmt::format("the {} cannot be column {} of {}", what, text, columns),
                      "columns count from 1");
  return column - 1;
}

/// A first line with # or % before it is a comment, unless it has the cells of a header.
void refuse_comment(std::string_view text, const CsvTable& table, const std::string& file) {
  CsvTokens tokens(text, table.delimiter, file);
  if (!tokens.next_row()) return;
  if (!is_comment(tokens.cell())) return;
  while (!tokens.row_ended()) (void)tokens.cell();
  const std::uint64_t line = tokens.line();
  const std::size_t below = count_cells(tokens);
  if (below == 0 || (below == table.columns && below > 1)) return;
  throw bad_input({.file = file, .row = line}, "is a comment",
                  "remove the lines that begin with # or %, also further down");
}

/// "sep=;", by which a spreadsheet tells itself how cells are separated.
void refuse_separator(std::string_view text, const CsvTable& table, const std::string& file) {
  CsvTokens tokens(text, table.delimiter, file);
  if (!tokens.next_row()) return;
  const std::string_view first = tokens.cell();
  if (!first.starts_with("sep=") || first.size() > 5) return;
  throw bad_input({.file = file, .row = tokens.line()},
                  "tells a spreadsheet how cells are separated",
                  "remove the line: cells are told apart without it");
}

void choose_header(CsvTable& table, const Cells& first, const Cells& second,
                   std::optional<bool> choice, const IsName& is_name) {
  table.header = choice.value_or(has_header(first, second, is_name));
  if (table.header) table.names = first;
  if (choice) return;
  table.notes.emplace_back(table.header ? "the first row is taken as a header"
                                        : "the first row is taken as data, not as a header");
}

}  // namespace

CsvFit csv_fit(std::string_view first_lines) {
  std::array<CsvFit, delimiters.size()> fits;
  std::transform(delimiters.begin(), delimiters.end(), fits.begin(),
                 [first_lines](char delimiter) { return fit(first_lines, delimiter); });
  const auto worse = [](const CsvFit& a, const CsvFit& b) {
    return std::tuple(a.cells > 1, a.numbers, a.cells) <
           std::tuple(b.cells > 1, b.numbers, b.cells);
  };
  return *std::max_element(fits.begin(), fits.end(), worse);
}

void require_utf8_cells(std::string_view text, const std::string& file) {
  if (!first_not_utf8(text)) return;
  CsvTokens tokens(text, csv_fit(whole_lines(text)).delimiter, file);
  while (tokens.next_row())
    for (std::uint64_t column = 1; !tokens.row_ended(); ++column) {
      const std::string_view cell = tokens.cell();
      if (const auto at = first_not_utf8(cell))
        throw not_utf8({.file = file, .row = tokens.line(), .column = column}, cell, *at);
    }
}

CsvTable csv_table(std::string_view text, const std::string& file, std::optional<bool> header,
                   std::uint64_t memory_limit, const IsName& is_name) {
  CsvTable table{.delimiter = csv_fit(whole_lines(text)).delimiter};
  CsvTokens tokens(text, table.delimiter, file);
  table.columns = count_cells(tokens);
  if (table.columns == 0) throw bad_input({.file = file}, "holds nothing but empty lines");
  if (table.columns > 1) {
    const auto which = std::find(delimiters.begin(), delimiters.end(), table.delimiter);
    table.notes.push_back(fmt::format("cells are separated by {}",
                                      delimiter_names[std::size_t(which - delimiters.begin())]));
  }
  refuse_separator(text, table, file);
  refuse_comment(text, table, file);
  require_memory(text.size() + 3 * sizeof(std::string) * table.columns, memory_limit,
                 fmt::format("{}: the first rows of {} columns", file, table.columns));
  const Cells first = next_cells(tokens, table.columns);
  const Cells second = next_cells(tokens, table.columns);
  choose_header(table, first, second, header, is_name);
  return table;
}

std::optional<std::size_t> csv_column_where(const CsvTable& table, std::string_view name,
                                            const IsName& matches) {
  const auto found = std::find_if(table.names.begin(), table.names.end(), matches);
  if (found == table.names.end()) return std::nullopt;
  if (std::find_if(found + 1, table.names.end(), matches) != table.names.end())
    throw usage_error(fmt::format("more than one column is called {}", shown(name)),
                      "choose the column by its number");
  return found - table.names.begin();
}

std::size_t csv_column(const CsvTable& table, const std::string& choice, std::string_view what) {
  if (choice.find_first_not_of("0123456789") == std::string::npos)
    return numbered_column(choice, table.columns, what);
  if (!table.header)
    throw usage_error(
        fmt::format("no column is called {}, as the file has no header", shown(choice)),
        "give the column as a number from 1");
  const auto column =
      csv_column_where(table, choice, [&choice](std::string_view name) { return name == choice; });
  if (!column)
    throw usage_error(fmt::format("no column is called {}", shown(choice)),
                      "the columns are " + listed(table.names));
  return *column;
}

std::string csv_column_text(const CsvTable& table, std::size_t column) {
  std::string text = fmt::format("column {}", column + 1);
  if (table.header) text += ", " + shown(table.names[column]);
  return text;
}

Error ragged_row(const std::string& file, std::uint64_t row, std::size_t cells,
                 std::size_t columns) {
  return bad_input({.file = file, .row = row},
                   fmt::format("{} cells, where the first row has {}", cells, columns),
                   "complete the row, or remove it");
}

}  // namespace fallline::data
