#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fallline/error.hpp>

#include "data/label_collector.hpp"
#include "data/save/writer.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

bool needs_quotes(std::string_view text) {
  return text.find_first_of(",;\t\"\r\n") != std::string_view::npos || trimmed(text) != text;
}

void add_text(std::string& row, std::string_view text, bool in_quotes) {
  if (!in_quotes) {
    row += text;
    return;
  }
  row += '"';
  for (const char c : text) row.append(c == '"' ? 2 : 1, c);
  row += '"';
}

void add_cells(std::string& row, const Dataset& data, std::size_t i) {
  for (std::size_t d = 0; d < data.features(); ++d) {
    if (d != 0) row += ',';
    if (data.cells() == CellType::u8) {
      row += fmt::format_int(std::to_integer<unsigned>(data.rows()[i][d])).c_str();
    } else {  // always with a point, so that whole numbers read back as floats
      fmt::format_to(std::back_inserter(row), "{:#}", finite_cell(data, i, d));
    }
  }
}

std::string header(const Dataset& data) {
  std::string row;
  for (std::size_t d = 0; d < data.features(); ++d) {
    if (d != 0) row += ',';
    const std::string name =
        data.feature_names().empty() ? fmt::format("x{}", d + 1) : data.feature_names()[d];
    add_text(row, name, needs_quotes(name));
  }
  return row + (data.labels().empty() ? "\n" : ",label\n");
}

void write_csv(const Dataset& data, AtomicFile& file) {
  file.write(header(data));
  std::string row;
  for (std::size_t i = 0; i < data.size(); ++i) {
    row.clear();
    add_cells(row, data, i);
    if (!data.labels().empty()) {
      const std::string& name = class_of(data, i);
      row += ',';
      add_text(row, name, needs_quotes(name) || class_name(name) != name);
    }
    row += '\n';
    file.write(row);
  }
}

bool is_label(std::string_view name) {
  constexpr std::string_view label = "label";
  return std::equal(name.begin(), name.end(), label.begin(), label.end(),
                    [](unsigned char a, char b) { return std::tolower(a) == b; });
}

std::vector<OutputFile> plan_csv(const SavedParts& parts, const std::filesystem::path& path) {
  require_text(parts.train.class_names(), "class");
  require_text(parts.train.feature_names(), "feature");
  if (!parts.train.labels().empty() && std::ranges::any_of(parts.train.feature_names(), is_label))
    throw usage_error("a feature is called 'label', as the label's column would be",
                      "rename the feature");
  return text_files(parts, path, ".csv", write_csv);
}

}  // namespace

const Writer csv_writer{
    .name = "csv", .description = "CSV with a header, the label last", .plan = plan_csv};

}  // namespace fallline::data
