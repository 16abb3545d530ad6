#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fallline/error.hpp>
#include <string>
#include <utility>
#include <vector>

#include "data/cell_advice.hpp"
#include "data/cell_buffer.hpp"
#include "data/cell_value.hpp"
#include "data/csv_layout.hpp"
#include "data/csv_tokens.hpp"
#include "data/foreign.hpp"
#include "data/label_collector.hpp"
#include "data/reader.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

/// Rows that may follow: a row ends with a line end, and each of its cells takes a character and a
/// delimiter at least.
std::size_t most_rows(std::string_view text, std::size_t columns) {
  const auto ends = std::ranges::count_if(text, [](char c) { return c == '\n' || c == '\r'; });
  return std::min<std::size_t>(static_cast<std::size_t>(ends) + 1, text.size() / (2 * columns) + 1);
}

/// Reads the rows of one file, in the order of its life: rows, then the dataset.
class CsvRows {
 public:
  CsvRows(const Text& text, std::string file, CsvLayout layout, std::uint64_t memory_limit)
      : file_(std::move(file)),
        layout_(std::move(layout)),
        features_(layout_.features.empty() ? layout_.columns - (layout_.label ? 1 : 0)
                                           : layout_.features.size()),
        tokens_(text.content, layout_.delimiter, file_),
        most_rows_(most_rows(text.content, layout_.columns)),
        cells_(file_, features_ * most_rows_, text.content.size() + most_rows_ * bytes_beside_a_row,
               memory_limit),
        labels_(file_),
        row_(layout_.features.empty() ? 0 : layout_.columns) {}

  void read() {
    if (layout_.header && tokens_.next_row())
      while (!tokens_.row_ended()) (void)tokens_.cell();
    while (tokens_.next_row()) read_row();
    if (cells_.size() == 0)
      throw bad_input({.file = file_},
                      layout_.header ? "holds a header, but no rows" : "holds no rows");
  }

  Dataset finish() && {
    DatasetParts parts{.name = file_, .features = features_};
    if (layout_.label) {
      LabelMap map = std::move(labels_).finish();
      parts.labels = std::move(map.labels);
      parts.class_names = std::move(map.class_names);
      parts.label = LabelColumn{.name = layout_.header ? layout_.names[*layout_.label] : "",
                                .column = *layout_.label};
    }
    parts.feature_names = feature_names();
    std::move(cells_).move_to(parts);
    return Dataset(std::move(parts));
  }

  [[nodiscard]] std::size_t tiny() const { return cells_.tiny(); }
  [[nodiscard]] bool bytes() const { return cells_.type() == CellType::u8; }

 private:
  static constexpr std::size_t bytes_beside_a_row = sizeof(void*) + sizeof(std::int32_t);

  [[nodiscard]] std::vector<std::string> feature_names() const {
    std::vector<std::string> names;
    if (!layout_.header) return names;
    for (const std::size_t column : layout_.features) names.push_back(layout_.names[column]);
    if (!names.empty()) return names;
    names = layout_.names;
    if (layout_.label) names.erase(names.begin() + static_cast<std::ptrdiff_t>(*layout_.label));
    return names;
  }

  void read_row() {
    std::size_t column = 0;
    bool comment = false;
    for (; !tokens_.row_ended(); ++column) {
      const std::string_view cell = tokens_.cell();
      if (column == 0) comment = is_comment(cell);
      if (column >= layout_.columns) continue;  // counted, for the message
      if (column == layout_.label) {
        read_label(cell, column);
      } else if (layout_.features.empty()) {
        add(cell, column);
      } else {
        row_[column] = cell;
      }
    }
    if (column != layout_.columns && comment)
      throw bad_input({.file = file_, .row = tokens_.line()}, "is a comment",
                      "remove the lines that begin with # or %");
    if (column != layout_.columns) throw ragged_row(file_, tokens_.line(), column, layout_.columns);
    for (const std::size_t feature : layout_.features) add(row_[feature], feature);
  }

  void add(std::string_view cell, std::size_t column) {
    if (!cells_.add(cell)) refuse_cell(cell, column);
  }

  void read_label(std::string_view cell, std::size_t column) {
    std::string name = tokens_.in_quotes() ? std::string(cell) : class_name(cell);
    if (name.empty())
      throw bad_input(place(column),
                      cell.empty() ? "the label is empty"
                                   : fmt::format("the label {} is a number, but no "
                                                 "whole one",
                                                 shown(cell)),
                      cell.empty()
                          ? "fill it in, or remove the row"
                          : "is this the label's column? A class is a whole number or a name");
    labels_.add(name);
  }

  [[noreturn]] void refuse_cell(std::string_view cell, std::size_t column) const {
    const bool filled = !is_missing(cell) && !number(cell);
    throw bad_input(place(column), why_no_number(cell, "a number in single precision"),
                    filled ? advice_on(cell, column) : "fill it in, or remove the row");
  }

  [[nodiscard]] std::string advice_on(std::string_view cell, std::size_t column) const {
    const bool word = cell.front() >= 'A';
    if (tokens_.line() == 1 && word) return "if the first row holds names, say that it is a header";
    if (is_too_large(cell)) return "it is too large: scale the column";
    if (auto advice = advice_by_looks(cell, column == 0)) return *std::move(advice);
    if (tokens_.line() == 1) return "if the first row holds names, say that it is a header";
    return "write names as numbers, or choose the column as the label";
  }

  [[nodiscard]] Where place(std::size_t column) const {
    return {.file = file_, .row = tokens_.line(), .column = column + 1};
  }

  std::string file_;
  CsvLayout layout_;
  std::size_t features_;
  CsvTokens tokens_;
  std::size_t most_rows_;
  CellBuffer cells_;
  LabelCollector labels_;
  std::vector<std::string> row_;  ///< a row's cells, where the features have an order of their own
};

bool is_called_csv(const Candidate& candidate) {
  std::filesystem::path name = candidate.path.filename();
  if (name.extension() == ".gz") name = name.stem();
  constexpr std::array extensions{".csv", ".tsv"};
  return std::ranges::any_of(extensions, [&name](const char* e) { return name.extension() == e; });
}

bool recognises_csv(const Candidate& candidate) {
  if (candidate.directory || !is_text(candidate)) return false;
  if (is_called_csv(candidate)) return true;
  const CsvFit fit = csv_fit(whole_lines(candidate));
  return fit.cells > 1 && fit.numbers > 0 && fit.even;
}

Source read_csv(const Candidate& candidate, const OpenOptions& options) {
  const Text text = read_table(candidate, options.memory_limit);
  const std::string file = candidate.path.string();
  require_utf8_cells(text.content, file);
  CsvLayout layout = csv_layout(text.content, file, options);
  Source source{.format = "csv", .notes = layout.notes};
  if (layout.label && layout.columns == 1) {
    const std::string why = foreign_table(whole_lines(text.content));
    if (!why.empty())
      throw bad_input({.file = file}, "is no table with commas, tabs or semicolons", why);
    throw bad_input({.file = file}, "has one column, the label, and no features",
                    "where the column is a feature, say that there is no label column");
  }
  CsvRows rows(text, file, std::move(layout), options.memory_limit);
  rows.read();
  if (rows.tiny() > 0) source.notes.push_back(tiny_cells_note(rows.tiny()));
  if (rows.bytes())
    source.notes.emplace_back("every feature is a whole number from 0 to 255, kept as a byte");
  source.train = std::move(rows).finish();
  return source;
}

}  // namespace

const Reader csv_reader{
    .name = "csv",
    .description = "CSV and TSV: one example a row, one column its label (gzip or plain)",
    .recognises = recognises_csv,
    .read = read_csv,
};

}  // namespace fallline::data
