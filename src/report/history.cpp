#include "report/history.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fallline/error.hpp>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "files/line_reader.hpp"
#include "json_text.hpp"
#include "report/text.hpp"

namespace fallline::report {
namespace {

constexpr std::array<std::string_view, 5> counters{"step", "epoch", "examples", "attempt",
                                                   "seconds"};
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

double value_of(const nlohmann::json& value) {
  return value.is_number() ? value.get<double>() : nothing;
}

/// One series, block by block.
class Blocks {
 public:
  explicit Blocks(std::size_t closed)
      : means_(closed, nothing), lows_(closed, nothing), highs_(closed, nothing) {}

  void add(double value) {
    if (!std::isfinite(value)) return;
    sum_ += value;
    ++count_;
    low_ = std::fmin(low_, value);
    high_ = std::fmax(high_, value);
  }

  void close() {
    means_.push_back(count_ > 0 ? sum_ / static_cast<double>(count_) : nothing);
    lows_.push_back(std::exchange(low_, nothing));
    highs_.push_back(std::exchange(high_, nothing));
    sum_ = 0;
    count_ = 0;
  }

  void write(Json& json, bool single) const {
    json[single ? "value" : "mean"] = list(means_);
    if (single) return;
    json["low"] = list(lows_);
    json["high"] = list(highs_);
  }

 private:
  static Json list(const std::vector<double>& values) {
    Json json = Json::array();
    for (const double value : values) json.push_back(seven_digits(value));
    return json;
  }

  std::vector<double> means_, lows_, highs_;
  double sum_ = 0;
  double low_ = nothing;
  double high_ = nothing;
  std::size_t count_ = 0;
};

class Columns {
 public:
  explicit Columns(std::size_t block) : block_(block) {}

  void add(const nlohmann::json& line) {
    for (const auto& [key, value] : line.items()) {
      if (std::ranges::find(counters, key) != counters.end())
        last_[key] = value_of(value);
      else if (value.is_number() || value.is_null())
        series("", key).add(value_of(value));
    }
    if (const auto layers = line.find("layers"); layers != line.end()) add_layers(*layers);
    ++lines_;
    if (lines_ % block_ == 0) close();
  }

  Json finish() {
    if (lines_ % block_ != 0) close();
    Json json{{"lines", lines_}, {"block", block_}, {"x", Json::object()}};
    for (const std::string_view key : counters)
      if (const auto at = x_.find(key); at != x_.end()) json["x"][std::string(key)] = at->second;
    json["series"] = Json::array();
    for (const auto& [layer, key, index] : names_) {
      Json one{{"key", key}};
      if (!layer.empty()) one["layer"] = layer;
      blocks_[index].write(one, block_ == 1);
      json["series"].push_back(std::move(one));
    }
    return json;
  }

 private:
  struct Name {
    std::string layer;
    std::string key;
    std::size_t index;
  };

  void add_layers(const nlohmann::json& layers) {
    if (!layers.is_array()) return;
    for (const auto& layer : layers) {
      if (!layer.is_object()) continue;
      const auto name = layer.find("name");
      if (name == layer.end() || !name->is_string()) continue;
      for (const auto& [key, value] : layer.items())
        if (value.is_number() || value.is_null())
          series(name->get<std::string>(), key).add(value_of(value));
    }
  }

  /// A file with ever new keys must not take ever more memory.
  static constexpr std::size_t most_series = 400;

  Blocks& series(const std::string& layer, const std::string& key) {
    const auto [at, fresh] = index_.try_emplace({layer, key}, blocks_.size());
    if (!fresh) return blocks_[at->second];
    if (blocks_.size() == most_series) {
      index_.erase(at);
      return spare_;
    }
    names_.push_back({.layer = layer, .key = key, .index = at->second});
    return blocks_.emplace_back(closed_);
  }

  void close() {
    for (Blocks& one : blocks_) one.close();
    for (const auto& [key, value] : last_) {
      Json& column = x_.try_emplace(key, Json::array()).first->second;
      while (column.size() < closed_) column.push_back(nullptr);
      column.push_back(std::isfinite(value) ? Json(value) : Json());
    }
    last_.clear();
    ++closed_;
  }

  std::size_t block_;
  std::size_t lines_ = 0;
  std::size_t closed_ = 0;
  std::map<std::pair<std::string, std::string>, std::size_t> index_;
  std::vector<Name> names_;
  std::vector<Blocks> blocks_;
  Blocks spare_{0};
  std::map<std::string, double, std::less<>> last_;
  std::map<std::string, Json, std::less<>> x_;
};

/// Calls `visit(line, complete)` for every line that is not blank.
template <class Visit>
void for_lines(const std::filesystem::path& file, Visit&& visit) {
  LineReader lines(file);
  std::string line;
  while (lines.next(line))
    if (line.find_first_not_of(" \t\r") != std::string::npos)
      visit(line, lines.row(), lines.ended());
}

}  // namespace

Json columns_of(const std::filesystem::path& file) {
  std::size_t lines = 0;
  for_lines(file, [&](const std::string&, std::uint64_t, bool) { ++lines; });
  constexpr std::size_t blocks = most_lines / 2;
  Columns columns(lines <= most_lines ? 1 : (lines + blocks - 1) / blocks);
  for_lines(file, [&](const std::string& line, std::uint64_t row, bool complete) {
    const auto json = parse_json<nlohmann::json>(line, {.file = file.string(), .row = row});
    if (json.is_object()) return columns.add(json);
    if (complete)
      throw bad_input({.file = file.string(), .row = row}, "is not one JSON object",
                      "the file is damaged: leave the run out, or cut the file before that row");
  });
  return columns.finish();
}

}  // namespace fallline::report
