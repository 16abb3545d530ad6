#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fallline/model/model_file.hpp>
#include <fallline/search/run_directory.hpp>
#include <fallline/search/search.hpp>
#include <fallline/train/run_directory.hpp>
#include <fallline/train/train.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/datasets.hpp"
#include "support/scratch.hpp"
#include "support/small_files.hpp"

namespace fallline {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Far more steps than its history may have bytes, and a model of some 200.
constexpr rlim_t room = 100'000;

/// Looks whether the model is there before the run is over.
struct Watch : Listener {
  explicit Watch(fs::path d) : directory(std::move(d)) {}
  void on(const Event& event) override {
    if (std::holds_alternative<WeightsReady>(event))
      early = fs::exists(directory / "model.safetensors");
  }
  fs::path directory;
  bool early = false;
};

TEST(RunDirectory, TheModelIsWrittenBeforeAnythingElseIsEvaluated) {
  const test::Scratch scratch;
  Workers workers(1);
  RunDirectory directory(scratch / "run", "");
  Watch watch(scratch / "run");
  Listener* const listeners[] = {&directory, &watch};
  (void)train({.train = test::random_dataset(100, 6, 3, CellType::f32)}, {.epochs = 2}, workers,
              listeners);
  EXPECT_TRUE(watch.early);
  EXPECT_THAT(directory.missing(), IsEmpty());
}

TEST(RunDirectory, AHistoryThatCannotGrowCostsNeitherTheRunNorItsModel) {
  const test::Scratch scratch;
  Workers workers(1);
  std::vector<std::string> warnings;
  RunDirectory directory(scratch / "run", "",
                         [&](const std::string& warning) { warnings.push_back(warning); });
  Listener* const listeners[] = {&directory};
  const Parts parts{.train = test::random_dataset(100, 6, 3, CellType::f32)};
  const TrainOptions options{.batch_size = 10, .epochs = 300};
  TrainResult result;
  {
    const test::SmallFiles limit(room);
    result = train(parts, options, workers, listeners);
  }
  EXPECT_EQ(result.epochs, 300U) << "the run goes on";
  EXPECT_EQ(load_model(scratch / "run").weights_hash(), result.model.weights_hash());
  EXPECT_EQ(train(parts, options, workers).model.weights_hash(), result.model.weights_hash());
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("history.jsonl is given up")));
  EXPECT_THAT(directory.missing(), ElementsAre(HasSubstr("history.jsonl: cannot be written")));
  const auto summary = nlohmann::json::parse(test::content(scratch / "run" / "summary.json"));
  EXPECT_EQ(summary["missing"], directory.missing());
  EXPECT_EQ(summary["epochs"], 300);
  EXPECT_FALSE(fs::exists(scratch / "run" / "history.jsonl")) << "it is not complete";
  EXPECT_TRUE(test::content(scratch / "run" / "history.jsonl.partial").ends_with("}\n"));
}

TEST(RunDirectory, WhatCannotBeWrittenAtTheEndIsListedAndTheRestIsThere) {
  const test::Scratch scratch;
  Workers workers(1);
  RunDirectory directory(scratch / "run", "");
  struct Blocker : Listener {
    explicit Blocker(fs::path d) : directory(std::move(d)) {}
    void on(const Event& event) override {
      if (!std::holds_alternative<RunStarted>(event)) return;
      for (const char* name : {"model.safetensors", "history.jsonl"})
        fs::create_directories(directory / name / "in the way");
    }
    fs::path directory;
  } blocker(scratch / "run");
  Listener* const listeners[] = {&directory, &blocker};
  const TrainResult result = train({.train = test::random_dataset(100, 6, 3, CellType::f32)},
                                   {.epochs = 2}, workers, listeners);
  EXPECT_EQ(result.epochs, 2U);
  EXPECT_THAT(directory.missing(), SizeIs(2));
  EXPECT_TRUE(fs::exists(scratch / "run" / "epochs.jsonl"));
  const auto summary = nlohmann::json::parse(test::content(scratch / "run" / "summary.json"));
  EXPECT_EQ(summary["missing"].size(), 2U);
}

TEST(SearchDirectory, AHistoryThatCannotGrowCostsNeitherTheSearchNorItsModel) {
  const test::Scratch scratch;
  Workers workers(1);
  std::vector<std::string> warnings;
  SearchDirectory directory(scratch / "run", "",
                            [&](const std::string& warning) { warnings.push_back(warning); });
  SearchListener* const listeners[] = {&directory};
  const test::SmallFiles limit(room);
  const SearchResult result = search({.train = test::random_dataset(20, 3, 2, CellType::f32)},
                                     {.tries = 5000}, workers, listeners);
  EXPECT_EQ(result.attempts, 5000U);
  EXPECT_EQ(load_model(scratch / "run").weights_hash(), result.model.weights_hash());
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("history.jsonl is given up")));
  EXPECT_THAT(directory.missing(), SizeIs(1));
}

}  // namespace
}  // namespace fallline
