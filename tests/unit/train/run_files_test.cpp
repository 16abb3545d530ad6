#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fallline/model/model_file.hpp>
#include <fallline/search/run_directory.hpp>
#include <fallline/search/search.hpp>
#include <fallline/train/configuration.hpp>
#include <fallline/train/run_directory.hpp>
#include <fallline/train/train.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/datasets.hpp"
#include "support/hostile.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Three classes called so, and features too.
Parts parts_called(const std::string& name) {
  const Dataset plain = test::random_dataset(60, 4, 3, CellType::f32);
  DatasetParts parts{.name = name, .cells = CellType::f32, .features = 4};
  parts.rows.assign(plain.rows().begin(), plain.rows().end());
  parts.labels.assign(plain.labels().begin(), plain.labels().end());
  parts.class_names = {name, "b", "c"};
  parts.feature_names = {name, "q", "r", "s"};
  static std::vector<Dataset> alive;
  alive.push_back(plain);
  return {.train = Dataset(std::move(parts)), .validation = {}, .test = {}, .notes = {}};
}

std::vector<json> lines_of(const fs::path& file) {
  std::istringstream in(test::content(file));
  std::vector<json> all;
  for (std::string line; std::getline(in, line);) all.push_back(json::parse(line, nullptr, false));
  return all;
}

/// A name that a file can have.
bool names_a_file(const std::string& text) {
  return !text.empty() && text.size() < 200 && text.find('/') == std::string::npos;
}

TEST(RunFiles, OfHostileNamesReadBack) {
  const test::Scratch scratch;
  Workers workers{1};
  for (const std::string& name : test::hostile_texts()) {
    if (name.empty()) continue;
    const Parts parts = parts_called(name);
    const fs::path path = scratch / (names_a_file(name) ? name : "plain");
    fs::remove_all(path);
    const Configuration configuration{.title = {}, .entries = {{.key = "data", .value = name}}};
    RunDirectory directory(path, toml_text(configuration));
    Listener* const listeners[] = {&directory};
    (void)train(parts, {.model = "mlp:2", .epochs = 1}, workers, listeners);
    const json summary = json::parse(test::content(path / "summary.json"), nullptr, false);
    ASSERT_TRUE(summary.is_object()) << path;
    EXPECT_EQ(summary["run_directory"], path.string());
    EXPECT_EQ(summary["train"]["classes"][0]["name"], name);
    EXPECT_EQ(load_model(path).schema.class_names[0], name);
    EXPECT_EQ(load_model(path).schema.feature_names[0], name);
    EXPECT_EQ(read_configuration(path / "run.toml").entries, configuration.entries);
    for (const char* file : {"history.jsonl", "epochs.jsonl"})
      for (const json& line : lines_of(path / file)) EXPECT_TRUE(line.is_object()) << file;
  }
}

TEST(RunFiles, OfASearchWithHostileNamesReadBack) {
  const test::Scratch scratch;
  Workers workers{1};
  for (const std::string& name : test::hostile_texts()) {
    if (!names_a_file(name)) continue;
    SearchDirectory directory(scratch / name, "");
    SearchListener* const listeners[] = {&directory};
    (void)search(parts_called(name), {.tries = 3}, workers, listeners);
    const json summary =
        json::parse(test::content(scratch / name / "summary.json"), nullptr, false);
    ASSERT_TRUE(summary.is_object());
    EXPECT_EQ(summary["run_directory"], (scratch / name).string());
    EXPECT_EQ(summary["train"]["classes"][0]["name"], name);
    EXPECT_EQ(lines_of(scratch / name / "history.jsonl").size(), 3U);
  }
}

TEST(RunFiles, ADirectoryThatIsNotUtf8StillGivesASummaryInUtf8) {
  const test::Scratch scratch;
  Workers workers{1};
  for (const std::string& name : test::not_utf8()) {
    if (!names_a_file(name)) continue;
    RunDirectory directory(scratch / name, "");
    Listener* const listeners[] = {&directory};
    (void)train(parts_called("a"), {.epochs = 1}, workers, listeners);
    EXPECT_TRUE(
        json::parse(test::content(scratch / name / "summary.json"), nullptr, false).is_object());
  }
}

TEST(RunFiles, EveryLineOfAHistoryIsJsonWhateverTheNumbersAndNames) {
  for (const double value : test::extreme_numbers()) {
    StepTaken step;
    step.rate = value;
    step.gradient_norm = value;
    step.measure.loss = value;
    const json line = json::parse(history_line(step), nullptr, false);
    ASSERT_TRUE(line.is_object()) << value;
    EXPECT_EQ(line["rate"].get<double>(), value) << "a replay has the very same rates";
    EXPECT_NEAR(line["loss"].get<double>(), value, 1e-8 * std::abs(value));
    EpochEnded epoch;
    epoch.rate = value;
    epoch.seconds = value;
    EXPECT_TRUE(json::parse(epoch_line(epoch), nullptr, false).is_object()) << value;
  }
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double value : {infinity, -infinity, std::nan("")}) {
    StepTaken step;
    step.rate = value;
    step.gradient_norm = value;
    EXPECT_TRUE(json::parse(history_line(step), nullptr, false)["rate"].is_null());
  }
  std::vector<std::string> names = test::hostile_texts();
  for (const std::string& name : test::not_utf8()) names.push_back(name);
  for (const std::string& name : names) {
    const LayerMeasure layer{.name = name};
    StepTaken step;
    step.layers = {&layer, 1};
    EXPECT_TRUE(json::parse(history_line(step), nullptr, false).is_object());
  }
}

}  // namespace
}  // namespace fallline
