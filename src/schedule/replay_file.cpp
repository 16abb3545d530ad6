#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <fallline/schedule/replay.hpp>
#include <optional>
#include <string_view>

#include "data/csv_tokens.hpp"
#include "data/examined.hpp"
#include "data/text.hpp"
#include "json_text.hpp"

namespace fallline::schedule {
namespace {

/// Checks the rows of a record as they come, and keeps those that change the rate.
class Record {
 public:
  Record(std::string file, std::string_view text) : file_(std::move(file)) {
    const auto rows = static_cast<std::uint64_t>(std::ranges::count(text, '\n')) + 1;
    require_memory(product(rows, sizeof(RateChange)), 0, file_, "thin the record out");
  }

  [[nodiscard]] const std::string& file() const { return file_; }

  [[noreturn]] void refuse(std::uint64_t row, std::string problem, std::string advice = {}) const {
    throw bad_input({.file = file_, .row = row}, std::move(problem), std::move(advice));
  }

  void add(std::uint64_t row, std::uint64_t step, double rate) {
    if (step <= last_step_)
      refuse(row, fmt::format("step {} does not follow step {}", step, last_step_),
             "steps count from 1 and ascend");
    if (!std::isfinite(rate) || rate < 0)
      refuse(row, fmt::format("the rate is {}", rate), "it must be finite and at least 0");
    last_step_ = step;
    if (changes_.empty() || changes_.back().rate != rate) changes_.push_back({step, rate});
  }

  [[nodiscard]] Replay finish() && {
    if (changes_.empty()) throw bad_input({.file = file_}, "holds no steps");
    return {.changes = std::move(changes_), .file = std::move(file_)};
  }

 private:
  std::string file_;
  std::vector<RateChange> changes_;
  std::uint64_t last_step_ = 0;
};

void read_json_line(std::uint64_t row, std::string_view line, Record& record) {
  const auto object = parse_json<nlohmann::json>(line, {.file = record.file(), .row = row});
  if (!object.is_object())
    record.refuse(row, fmt::format("{} is not a JSON object", data::shown(line)),
                  "a history has one a line; the last may be cut short: remove it");
  const auto step = object.find("step");
  const auto rate = object.find("rate");
  if (step == object.end() || !step->is_number_unsigned())
    record.refuse(row, "has no step that is a whole number", "give each line a step and a rate");
  if (rate == object.end() || !rate->is_number())
    record.refuse(row, "has no rate that is a number", "give each line a step and a rate");
  record.add(row, step->get<std::uint64_t>(), rate->get<double>());
}

void read_json_lines(std::string_view text, Record& record) {
  std::uint64_t row = 1;
  for (; !text.empty(); ++row) {
    const std::size_t end = text.find('\n');
    read_json_line(row, text.substr(0, end), record);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

template <class T>
T cell_as(std::string_view cell, const char* what, std::uint64_t row, const Record& record) {
  T value{};
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size())
    record.refuse(row, fmt::format("the {} is {}", what, data::shown(cell)), "give a number");
  return value;
}

/// Where the columns `step` and `rate` are.
struct Columns {
  std::optional<std::size_t> step;
  std::optional<std::size_t> rate;
  std::size_t count = 0;
};

Columns read_header(data::CsvTokens& tokens, const Record& record) {
  Columns columns;
  (void)tokens.next_row();
  for (; !tokens.row_ended(); ++columns.count) {
    const std::string_view name = tokens.cell();
    if (name == "step") columns.step = columns.count;
    if (name == "rate") columns.rate = columns.count;
  }
  if (!columns.step || !columns.rate)
    record.refuse(1, "does not name the columns step and rate",
                  "begin with a line step,rate; or give a run's history.jsonl");
  return columns;
}

void read_csv(data::CsvTokens tokens, Record& record) {
  const Columns columns = read_header(tokens, record);
  while (tokens.next_row()) {
    const std::uint64_t row = tokens.line();
    std::uint64_t step = 0;
    double rate = 0;
    std::size_t column = 0;
    for (; !tokens.row_ended(); ++column) {
      const std::string_view cell = tokens.cell();
      if (column == columns.step) step = cell_as<std::uint64_t>(cell, "step", row, record);
      if (column == columns.rate) rate = cell_as<double>(cell, "rate", row, record);
    }
    if (column != columns.count)
      record.refuse(row, fmt::format("{} cells, where the first row has {}", column, columns.count),
                    "complete the row, or remove it");
    record.add(row, step, rate);
  }
}

}  // namespace

Replay read_replay(const std::filesystem::path& file) {
  const data::Examined examined(file);
  const data::Text text = data::read_text(examined.candidate(), 0);
  const std::string name = std::filesystem::absolute(file).string();
  Record record(name, text.content);
  if (data::trimmed(text.content).starts_with('{')) {
    read_json_lines(text.content, record);
  } else {
    read_csv({text.content, ',', name}, record);
  }
  return std::move(record).finish();
}

}  // namespace fallline::schedule
