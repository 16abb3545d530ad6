#include <fmt/format.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "data/cell_memory.hpp"
#include "data/label_collector.hpp"
#include "data/libsvm_indices.hpp"
#include "data/libsvm_tokens.hpp"
#include "data/reader.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

/// What a first reading of the whole file tells, before anything is allocated.
struct LibsvmSurvey {
  std::uint64_t rows = 0;
  std::uint64_t largest = 0;
  std::optional<std::uint64_t> first_zero;  ///< the first line with an index 0
  bool has_pairs = false;
};

LibsvmSurvey survey(LibsvmTokens tokens) {
  LibsvmSurvey found;
  for (; tokens.next_row(); ++found.rows) {
    while (tokens.next_pair()) {
      found.has_pairs = true;
      found.largest = std::max(found.largest, tokens.index());
      if (tokens.index() == 0 && !found.first_zero) found.first_zero = tokens.line();
    }
  }
  return found;
}

std::uint64_t choose_base(const std::string& file, const LibsvmSurvey& found,
                          std::optional<int> choice, Source& source) {
  if (choice && *choice != 0 && *choice != 1)
    throw usage_error(fmt::format("the index base is 0 or 1, not {}", *choice));
  if (choice == 1 && found.first_zero)
    throw bad_input({.file = file, .row = found.first_zero},
                    "has an index 0, and indices are said to count from 1",
                    "let indices count from 0");
  if (choice) return static_cast<std::uint64_t>(*choice);
  source.notes.emplace_back(found.first_zero ? "indices count from 0, as an index 0 occurs"
                                             : "indices count from 1, as no index 0 occurs");
  return found.first_zero ? 0 : 1;
}

std::uint64_t choose_features(const std::string& file, const LibsvmSurvey& found,
                              std::uint64_t base, std::uint64_t choice, Source& source) {
  if (choice != 0) return choice;
  if (!found.has_pairs)
    throw bad_input({.file = file}, "has no index:value pairs, so that its features are unknown",
                    "say how many features there are");
  source.notes.push_back(fmt::format("the largest index, {}, is the last feature", found.largest));
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  return std::min(found.largest, most - 1) - base + 1;
}

class LibsvmRows {
 public:
  LibsvmRows(const Text& text, std::string file, std::uint64_t rows, std::uint64_t features,
             std::uint64_t base, std::uint64_t memory_limit)
      : file_(std::move(file)),
        features_(features),
        base_(base),
        tokens_(text.content, file_),
        labels_(file_) {
    const std::uint64_t cells = product(rows, features);
    const std::uint64_t beside =
        text.content.size() + rows * (sizeof(void*) + sizeof(std::int32_t));
    const std::uint64_t needed = product(cells, sizeof(float));
    require_memory(std::max(needed, needed + beside), memory_limit,
                   fmt::format("{}, a sparse file of {} rows of {} features, stored densely,",
                               file_, rows, features),
                   "choose fewer features or fewer rows, or allow more memory");
    cells_ = make_cells<float>(cells);
    rows_.reserve(rows);
  }

  void read() {
    while (tokens_.next_row()) {
      read_label();
      float* row = cells_.get() + rows_.size() * features_;
      while (tokens_.next_pair()) row[checked_index()] = tokens_.value();
      rows_.push_back(reinterpret_cast<const std::byte*>(row));
    }
  }

  Dataset finish() && {
    LabelMap map = std::move(labels_).finish();
    const std::size_t bytes = rows_.size() * features_ * sizeof(float);
    return Dataset(DatasetParts{.name = std::move(file_),
                                .cells = CellType::f32,
                                .features = features_,
                                .rows = std::move(rows_),
                                .labels = std::move(map.labels),
                                .class_names = std::move(map.class_names),
                                .storage = {std::move(cells_)},
                                .storage_bytes = bytes});
  }

 private:
  void read_label() {
    const std::string name = class_name(tokens_.label());
    if (name.empty())
      tokens_.refuse(
          fmt::format("the label {} is a number, but no whole one", shown(tokens_.label())),
          "is this a regression file? A class is a whole number or a name");
    labels_.add(name);
  }

  [[nodiscard]] std::uint64_t checked_index() const {
    const std::uint64_t index = tokens_.index() - base_;  // base 1: the survey saw no index 0
    if (index >= features_)
      tokens_.refuse(fmt::format("{} lies beyond the {} features asked for", shown(tokens_.token()),
                                 features_),
                     "ask for more features, or leave it to the file");
    return index;
  }

  std::string file_;
  std::uint64_t features_;
  std::uint64_t base_;
  LibsvmTokens tokens_;
  LabelCollector labels_;
  std::shared_ptr<float[]> cells_;
  std::vector<const std::byte*> rows_;
};

bool is_pair(std::string_view token) {
  const std::size_t colon = token.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view index = token.substr(0, colon);
  return index == "qid" || (index.find_first_not_of("0123456789") == std::string_view::npos &&
                            token.find(':', colon + 1) == std::string_view::npos);
}

/// Whether the first rows are a label, then a pair or nothing, and at least one has a pair. A row
/// without its label is recognised, too, to be refused with its place.
bool recognises_libsvm(const Candidate& candidate) {
  if (candidate.directory || !is_text(candidate)) return false;
  constexpr int rows_looked_at = 5;
  bool pairs = false;
  std::string_view text = whole_lines(candidate);
  for (int rows = 0; rows < rows_looked_at && !text.empty();) {
    std::string_view line = take_line(text);
    const std::string_view label = take_word(line);
    if (label.empty()) continue;
    const std::string_view pair = take_word(line);
    if (label.find(':') != std::string_view::npos && !is_pair(label)) return false;
    if (!pair.empty() && !is_pair(pair)) return false;
    pairs = pairs || !pair.empty();
    ++rows;
  }
  return pairs;
}

Source read_libsvm(const Candidate& candidate, const OpenOptions& options) {
  const Text text = read_table(candidate, options.memory_limit);
  const std::string file = candidate.path.string();
  const LibsvmSurvey found = survey(LibsvmTokens(text.content, file));
  if (found.rows == 0) throw bad_input({.file = file}, "holds no rows");
  Source source{.format = "libsvm"};
  const std::uint64_t base = choose_base(file, found, options.index_base, source);
  const std::uint64_t features = choose_features(file, found, base, options.features, source);
  LibsvmRows rows(text, file, found.rows, features, base, options.memory_limit);
  rows.read();
  source.train = std::move(rows).finish();
  return source;
}

}  // namespace

void agree_on_indices(const Candidate& train, const Candidate& test, OpenOptions& options,
                      std::vector<std::string>& notes) {
  Source both;
  LibsvmSurvey found;
  for (const Candidate* part : {&train, &test}) {
    const Text text = read_table(*part, options.memory_limit);
    const LibsvmSurvey one = survey(LibsvmTokens(text.content, part->path.string()));
    found.largest = std::max(found.largest, one.largest);
    found.has_pairs = found.has_pairs || one.has_pairs;
    if (one.first_zero) found.first_zero = one.first_zero;
  }
  const std::string file = train.path.string();
  const std::uint64_t base = choose_base(file, found, options.index_base, both);
  options.features = choose_features(file, found, base, options.features, both);
  options.index_base = static_cast<int>(base);
  notes.insert(notes.end(), both.notes.begin(), both.notes.end());
}

const Reader libsvm_reader{
    .name = "libsvm",
    .description = "LIBSVM and SVMlight: a label and index:value pairs a row (gzip or plain)",
    .recognises = recognises_libsvm,
    .read = read_libsvm,
};

}  // namespace fallline::data
