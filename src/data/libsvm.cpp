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
#include "data/cell_value.hpp"
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

/// That indices cannot count from 1 as `who` says.
void require_no_zero(const std::string& file, const LibsvmSurvey& found, const char* who) {
  if (found.first_zero)
    throw bad_input({.file = file, .row = found.first_zero},
                    fmt::format("has an index 0, and {} from 1", who),
                    "say that the indices of this file count from 0");
}

/// Of a file without an index 0 beside features that count from 0 to `last`: that it may count from
/// 1, and each index would stand for another feature.
[[noreturn]] void refuse_base(const std::string& file, const LibsvmSurvey& found,
                              std::uint64_t last, const std::string& others) {
  throw bad_input({.file = file},
                  fmt::format("has indices up to {} and none that is 0, where those of {} count "
                              "from 0 to {}",
                              found.largest, others, last),
                  "say whether the indices count from 0 or from 1");
}

/// The base that a model's data had.
IndexBase learned_base(const std::string& file, const LibsvmSurvey& found, const Schema& schema) {
  const IndexBase base = *schema.index_base;
  if (base.first == 1) require_no_zero(file, found, "the model's indices count");
  const std::uint64_t features = schema.features;
  if (base.first == 0 && !found.first_zero && features != 0 && found.largest >= features)
    refuse_base(file, found, features - 1, "the model");
  return base;
}

IndexBase choose_base(const std::string& file, const LibsvmSurvey& found,
                      const OpenOptions& options, Source& source) {
  const std::optional<int> choice = options.index_base;
  if (choice && *choice != 0 && *choice != 1)
    throw usage_error(fmt::format("the index base is 0 or 1, not {}", *choice));
  if (choice == 1) require_no_zero(file, found, "indices are said to count");
  if (choice) return {.first = *choice, .told = true};
  if (options.schema && options.schema->index_base)
    return learned_base(file, found, *options.schema);
  source.notes.emplace_back(found.first_zero ? "indices count from 0, as an index 0 occurs"
                                             : "indices count from 1, as no index 0 occurs");
  return {.first = found.first_zero ? 0 : 1};
}

/// Whether a model says how many features there are.
bool knows_features(const OpenOptions& options) {
  return options.schema && options.schema->features != 0;
}

std::uint64_t choose_features(const std::string& file, const LibsvmSurvey& found,
                              std::uint64_t base, const OpenOptions& options, Source& source) {
  if (knows_features(options)) return options.schema->features;
  if (options.features != 0) return options.features;
  if (!found.has_pairs)
    throw bad_input({.file = file}, "has no index:value pairs, so that its features are unknown",
                    "say how many features there are");
  source.notes.push_back(fmt::format("the largest index, {}, is the last feature", found.largest));
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  return std::min(found.largest, most - 1) - base + 1;
}

class LibsvmRows {
 public:
  /// @param learned  `features` are a model's: pairs behind them are left out
  LibsvmRows(const Text& text, std::string file, std::uint64_t rows, std::uint64_t features,
             IndexBase base, bool learned, std::uint64_t memory_limit)
      : file_(std::move(file)),
        features_(features),
        base_(base),
        learned_(learned),
        tokens_(text.content, file_),
        labels_(file_) {
    const std::uint64_t cells = product(rows, features);
    const std::uint64_t beside =
        text.content.size() + rows * (sizeof(void*) + sizeof(std::int32_t));
    const std::uint64_t needed = product(cells, sizeof(float));
    require_memory(sum(needed, beside), memory_limit,
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
      while (tokens_.next_pair())
        if (const auto index = checked_index()) row[*index] = tokens_.value();
      rows_.push_back(reinterpret_cast<const std::byte*>(row));
    }
  }

  [[nodiscard]] std::size_t tiny() const { return tokens_.tiny(); }

  /// Pairs that were left out.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

  Dataset finish() && {
    LabelMap map = std::move(labels_).finish();
    const std::size_t bytes = rows_.size() * features_ * sizeof(float);
    return Dataset(DatasetParts{.name = std::move(file_),
                                .cells = CellType::f32,
                                .features = features_,
                                .rows = std::move(rows_),
                                .labels = std::move(map.labels),
                                .class_names = std::move(map.class_names),
                                .index_base = base_,
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

  std::optional<std::uint64_t> checked_index() {
    // Of base 1 the survey saw no index 0.
    const std::uint64_t index = tokens_.index() - static_cast<std::uint64_t>(base_.first);
    if (index < features_) return index;
    if (!learned_)
      tokens_.refuse(fmt::format("{} lies beyond the {} features asked for", shown(tokens_.token()),
                                 features_),
                     "ask for more features, or leave it to the file");
    ++left_out_;
    return std::nullopt;
  }

  std::string file_;
  std::uint64_t features_;
  IndexBase base_;
  bool learned_;
  std::uint64_t left_out_ = 0;
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
  const IndexBase base = choose_base(file, found, options, source);
  const std::uint64_t features =
      choose_features(file, found, static_cast<std::uint64_t>(base.first), options, source);
  LibsvmRows rows(text, file, found.rows, features, base, knows_features(options),
                  options.memory_limit);
  rows.read();
  if (rows.left_out() > 0)
    source.notes.push_back(
        fmt::format("{} values of indices behind the model's {} features are left out",
                    rows.left_out(), features));
  if (rows.tiny() > 0) source.notes.push_back(tiny_cells_note(rows.tiny()));
  source.train = std::move(rows).finish();
  return source;
}

/// Two parts are written alike, unless one goes on for just one index: that of the same features
/// counted from 1.
void refuse_shifted(const Candidate& part, const LibsvmSurvey& found, const Candidate& other,
                    const LibsvmSurvey& of_other) {
  if (!found.first_zero && found.largest == of_other.largest + 1)
    refuse_base(part.path.string(), found, of_other.largest, other.path.string());
}

LibsvmSurvey survey_of(const Candidate& candidate, const OpenOptions& options) {
  const Text text = read_table(candidate, options.memory_limit);
  return survey(LibsvmTokens(text.content, candidate.path.string()));
}

}  // namespace

void agree_on_indices(const Candidate& train, const Candidate& test, OpenOptions& options,
                      std::vector<std::string>& notes) {
  Source both;
  const LibsvmSurvey of_train = survey_of(train, options);
  const LibsvmSurvey of_test = survey_of(test, options);
  const LibsvmSurvey found{
      .largest = std::max(of_train.largest, of_test.largest),
      .first_zero = of_train.first_zero ? of_train.first_zero : of_test.first_zero,
      .has_pairs = of_train.has_pairs || of_test.has_pairs};
  if (found.first_zero && !options.index_base) {
    refuse_shifted(train, of_train, test, of_test);
    refuse_shifted(test, of_test, train, of_train);
  }
  // Of the index 0, where one has it.
  const std::string file =
      (of_test.first_zero && !of_train.first_zero ? test : train).path.string();
  const IndexBase base = choose_base(file, found, options, both);
  options.features =
      choose_features(file, found, static_cast<std::uint64_t>(base.first), options, both);
  options.schema = Schema{.index_base = base};
  notes.insert(notes.end(), both.notes.begin(), both.notes.end());
}

const Reader libsvm_reader{
    .name = "libsvm",
    .description = "LIBSVM and SVMlight: a label and index:value pairs a row (gzip or plain)",
    .recognises = recognises_libsvm,
    .read = read_libsvm,
};

}  // namespace fallline::data
