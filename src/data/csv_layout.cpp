#include "data/csv_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <tuple>

#include "data/csv_tokens.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

using Cells = std::vector<std::string>;

constexpr std::array delimiters{',', '\t', ';'};
constexpr std::array delimiter_names{"commas", "tabs", "semicolons"};
constexpr std::array<std::string_view, 4> label_names{"label", "class", "target", "y"};

CsvFit fit(std::string_view text, char delimiter) {
  constexpr int rows_looked_at = 10;
  CsvFit found{.delimiter = delimiter};
  CsvTokens tokens(text, delimiter, {});
  try {
    for (int row = 0; row < rows_looked_at && tokens.next_row(); ++row) {
      std::size_t cells = 0;
      do {
        found.numbers += number(tokens.cell()).has_value() ? 1 : 0;
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

bool is_default_label(std::string_view name, std::string_view wanted) {
  return std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

/// Whether a first cell can only be a name: text above a number, or a label's usual name (but not
/// "y", which is a usual label, too).
bool names_a_column(const std::string& first, const std::string& below) {
  if (is_missing(first) || number(first)) return false;
  if (is_missing(below) || number(below)) return true;
  return std::any_of(label_names.begin(), label_names.end() - 1,
                     [&first](std::string_view usual) { return is_default_label(first, usual); });
}

bool has_header(const Cells& first, const Cells& second) {
  if (second.empty())
    return std::none_of(first.begin(), first.end(),
                        [](const std::string& cell) { return number(cell).has_value(); });
  for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i)
    if (names_a_column(first[i], second[i])) return true;
  return false;
}

template <class Matches>
std::optional<std::size_t> the_column(const Cells& names, std::string_view what, Matches matches) {
  const auto found = std::find_if(names.begin(), names.end(), matches);
  if (found == names.end()) return std::nullopt;
  if (std::find_if(found + 1, names.end(), matches) != names.end())
    throw usage_error(fmt::format("more than one column is called {}", shown(what)),
                      "choose the label by its column's number");
  return found - names.begin();
}

std::optional<std::size_t> usual_label(const Cells& names) {
  for (const std::string_view usual : label_names)
    if (const auto column = the_column(names, usual, [usual](const std::string& name) {
          return is_default_label(name, usual);
        }))
      return column;
  return std::nullopt;
}

std::string listed(const Cells& names) {
  constexpr std::size_t most = 12;
  std::string list;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
    list += (i == 0 ? "" : ", ") + shown(names[i]);
  return list + (names.size() > most ? ", …" : "");
}

std::size_t numbered_column(std::string_view text, std::size_t columns) {
  std::size_t column = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), column);
  if (error != std::errc{} || end != text.data() + text.size() || column < 1 || column > columns)
    throw usage_error(fmt::format("the label cannot be column {} of {}", text, columns),
                      "columns count from 1");
  return column - 1;
}

std::optional<std::size_t> chosen_label(const std::string& choice, const CsvLayout& layout) {
  if (choice == "none") return std::nullopt;
  if (choice == "first") return 0;
  if (choice == "last") return layout.columns - 1;
  if (choice.find_first_not_of("0123456789") == std::string::npos)
    return numbered_column(choice, layout.columns);
  if (!layout.header)
    throw usage_error(
        fmt::format("no column is called {}, as the file has no header", shown(choice)),
        "give the label's column as a number from 1, first, last or none");
  const auto column = the_column(layout.names, choice,
                                 [&choice](const std::string& name) { return name == choice; });
  if (!column)
    throw usage_error(fmt::format("no column is called {}", shown(choice)),
                      "the columns are " + listed(layout.names));
  return column;
}

std::string label_note(const CsvLayout& layout) {
  const std::size_t column = *layout.label;
  std::string note = fmt::format("the label is column {}", column + 1);
  if (layout.header) note += ", " + shown(layout.names[column]);
  return note + (column + 1 == layout.columns ? ", the last" : "");
}

void choose_label(CsvLayout& layout, const std::string& choice) {
  if (!choice.empty()) {
    layout.label = chosen_label(choice, layout);
    return;
  }
  layout.label = usual_label(layout.names);
  if (!layout.label) layout.label = layout.columns - 1;
  layout.notes.push_back(label_note(layout));
}

void choose_header(CsvLayout& layout, const Cells& first, const Cells& second,
                   std::optional<bool> choice) {
  layout.header = choice.value_or(has_header(first, second));
  if (layout.header) layout.names = first;
  if (choice) return;
  layout.notes.emplace_back(layout.header ? "the first row is taken as a header"
                                          : "the first row is taken as an example, not a header");
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

CsvLayout csv_layout(std::string_view text, const std::string& file, const OpenOptions& options) {
  CsvLayout layout{.delimiter = csv_fit(whole_lines(text)).delimiter};
  const auto which = std::find(delimiters.begin(), delimiters.end(), layout.delimiter);
  layout.notes.push_back(fmt::format("cells are separated by {}",
                                     delimiter_names[std::size_t(which - delimiters.begin())]));
  CsvTokens tokens(text, layout.delimiter, file);
  layout.columns = count_cells(tokens);
  if (layout.columns == 0) throw bad_input({.file = file}, "holds nothing but empty lines");
  require_memory(text.size() + 3 * sizeof(std::string) * layout.columns, options.memory_limit,
                 fmt::format("{}: the first rows of {} columns", file, layout.columns));
  const Cells first = next_cells(tokens, layout.columns);
  const Cells second = next_cells(tokens, layout.columns);
  choose_header(layout, first, second, options.header);
  choose_label(layout, options.label_column);
  return layout;
}

}  // namespace fallline::data
