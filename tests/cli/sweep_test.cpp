#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <string>

#include "tool.hpp"

namespace fallline::test {
namespace {

using nlohmann::json;

/// `fallline sweep WORDS… --format json`, parsed.
json sweep(const Tool& tool, std::vector<std::string> words) {
  words.insert(words.begin(), "sweep");
  words.insert(words.end(), {"--format", "json", "--quiet"});
  const Outcome outcome = tool(std::move(words));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  return json::parse(outcome.out, nullptr, false);
}

auto lines(const std::string& text) { return std::ranges::count(text, '\n'); }

TEST(SweepRate, JsonHasTheKeysThatScriptsRelyOnAndTheSuggestionTrains) {
  const Tool tool;
  const std::string set = tool.small_set();
  const json found = sweep(tool, {"lr", set, "--preprocess", "none", "--plot", "lr.svg"});
  ASSERT_TRUE(found.is_object());
  EXPECT_EQ(found["version"], 1);
  EXPECT_EQ(found["mode"], "step");
  for (const char* key : {"loss", "objective", "accuracy", "gradient_norm", "examples"})
    EXPECT_TRUE(found["start"][key].is_number()) << key;
  ASSERT_EQ(found["rates"].size(), 10U);
  EXPECT_EQ(found["rates"][0]["rate"], 1e-10);
  EXPECT_EQ(found["rates"][0]["verdict"], "barely moves");
  EXPECT_EQ(found["rates"][9]["rate"], 0.1);
  EXPECT_EQ(found["rates"][9]["verdict"], "overshoots");
  EXPECT_TRUE(found["lowest_rate"].is_number());
  EXPECT_GE(found["trials"].size(), 3U);
  EXPECT_TRUE(found["reason"].is_string());
  const json result = tool.train({set, "--preprocess", "none", "--epochs", "3", "--lr",
                                  found["suggested_rate"].dump(), "-o", "run"});
  EXPECT_GT(result["test"]["accuracy"], 0.2);
  EXPECT_NE(content(tool.scratch() / "lr.svg").find("after it"), std::string::npos);
}

TEST(SweepRate, TextAndCsvHaveARowARate) {
  const Tool tool;
  const std::string set = tool.small_set();
  const Outcome text =
      tool({"sweep", "lr", set, "--from", "1e-6", "--to", "1e-2", "--trial-epochs", "0"});
  EXPECT_EQ(lines(text.out), 3 + 5 + 2) << text.out;
  EXPECT_NE(text.out.find("suggestion  "), std::string::npos) << text.out;
  const Outcome csv = tool({"sweep", "lr", set, "--from", "1e-6", "--to", "1e-2", "--trial-epochs",
                            "0", "--format", "csv"});
  EXPECT_EQ(lines(csv.out), 1 + 5 + 1) << csv.out;
  EXPECT_EQ(std::ranges::count(csv.out, ','), 7 * 5) << csv.out;
}

TEST(SweepRate, TheSameFiguresWhateverTheThreads) {
  const Tool tool;
  const std::string set = tool.small_set();
  EXPECT_EQ(sweep(tool, {"lr", set, "--threads", "1"}), sweep(tool, {"lr", set, "--threads", "3"}));
}

TEST(SweepRate, StartsFromARunWithItsOwnObjective) {
  const Tool tool;
  const std::string set = tool.small_set();
  const json run = tool.train({set, "--loss", "hinge", "--l2", "0.01", "--validation-share", "0",
                               "--epochs", "3", "-o", "run"});
  const json found = sweep(tool, {"lr", set, "--start", "run", "--validation-share", "0"});
  EXPECT_NEAR(found["start"]["objective"].get<double>(), run["train"]["objective"].get<double>(),
              1e-4);
  EXPECT_TRUE(found["trials"].empty());
  const Outcome both = tool({"sweep", "lr", set, "--start", "run", "--loss", "softmax"});
  EXPECT_EQ(both.status, 2);
  EXPECT_NE(both.err.find("--loss"), std::string::npos) << both.err;
}

TEST(SweepRate, AsARangeTestTheRateRisesThroughMiniBatches) {
  const Tool tool;
  const std::string set = tool.small_set();
  const json found = sweep(
      tool, {"lr", set, "--mode", "range", "--from", "1e-6", "--to", "10", "--plot", "r.svg"});
  EXPECT_EQ(found["mode"], "range");
  ASSERT_GE(found["steps"].size(), 20U);
  for (const char* key : {"step", "rate", "loss", "smoothed"})
    EXPECT_TRUE(found["steps"][0][key].is_number()) << key;
  EXPECT_EQ(found["steps"][0]["rate"], 1e-6);
  EXPECT_EQ(found["stopped"], true);
  EXPECT_GT(found["suggested_rate"], 1e-5);
  EXPECT_EQ(tool({"sweep", "lr", set, "--mode", "range", "--trial-epochs", "2"}).status, 2);
}

TEST(SweepBatchSize, JsonHasTheKeysThatScriptsRelyOn) {
  const Tool tool;
  const json found = sweep(tool, {"batch-size", "16,64,256", tool.small_set(), "--epochs", "2",
                                  "--seeds", "2", "--plot", "b.svg"});
  EXPECT_EQ(found["version"], 1);
  EXPECT_EQ(found["epochs"], 2);
  EXPECT_GT(found["seconds"], 0);
  ASSERT_EQ(found["sizes"].size(), 3U);
  EXPECT_EQ(found["runs"].size(), 6U);
  for (const char* key :
       {"examples_per_second", "seconds", "loss_after_epochs", "loss_after_seconds", "accuracy"})
    for (const char* of : {"mean", "deviation"})
      EXPECT_TRUE(found["sizes"][1][key][of].is_number()) << key << " " << of;
  EXPECT_EQ(found["sizes"][2]["batch_size"], 256);
  EXPECT_EQ(found["runs"][0]["curve"].size(), 3U);
  EXPECT_TRUE(found["suggested_batch_size"].is_number());
  EXPECT_NE(content(tool.scratch() / "b.svg").find("batch 64"), std::string::npos);
}

TEST(SweepBatchSize, TextAndCsvHaveARowASize) {
  const Tool tool;
  const std::string set = tool.small_set();
  const auto run = [&](const char* format) {
    return tool({"sweep", "batch-size", "32,64", set, "--epochs", "1", "--format", format}).out;
  };
  EXPECT_EQ(lines(run("text")), 3 + 2);
  const std::string csv = run("csv");
  EXPECT_EQ(lines(csv), 1 + 2);
  EXPECT_EQ(std::ranges::count(csv, ','), 3 * 13) << csv;
}

TEST(SweepGradientNoise, JsonHasTheKeysThatScriptsRelyOnAndTheExponentIsNearAHalf) {
  const Tool tool;
  const json found = sweep(tool, {"gradient-noise", tool.small_set(), "--largest", "256",
                                  "--distinct", "50", "--copies", "20"});
  ASSERT_EQ(found["sizes"].size(), 9U);
  for (const char* key : {"batch_size", "distance", "mean_distance", "angle_degrees"})
    EXPECT_TRUE(found["sizes"][0][key].is_number()) << key;
  EXPECT_NEAR(found["exponent"].get<double>(), -0.5, 0.1);
  EXPECT_GT(found["exponent_error"], 0);
  EXPECT_GT(found["noise_scale"], 0);
  EXPECT_EQ(found["duplicates"]["distinct"], 50);
  EXPECT_LE(found["duplicates"]["gradient_difference"], found["duplicates"]["rounding"]);
}

TEST(SweepGradientNoise, TextAndCsvHaveARowASize) {
  const Tool tool;
  const std::string set = tool.small_set();
  const auto run = [&](const char* format) {
    return tool({"sweep", "gradient-noise", set, "--largest", "8", "--draws", "3", "--copies", "0",
                 "--format", format})
        .out;
  };
  EXPECT_EQ(lines(run("text")), 3 + 4 + 3);
  EXPECT_EQ(lines(run("csv")), 1 + 4);
}

TEST(SweepTrain, TrainsEveryCombinationOfTheValuesAsTrainWould) {
  const Tool tool;
  const std::string set = tool.small_set();
  const json found = sweep(tool, {"train", set, "--lr", "0.001,0.003", "--loss=softmax,hinge",
                                  "--epochs", "2", "--seed", "4", "--drop-last", "--seeds", "2"});
  ASSERT_EQ(found["cases"].size(), 4U);
  const std::vector<std::pair<std::string, std::string>> wanted{
      {"0.001", "softmax"}, {"0.001", "hinge"}, {"0.003", "softmax"}, {"0.003", "hinge"}};
  for (std::size_t i = 0; i < 4; ++i) {
    const json& one = found["cases"][i];
    EXPECT_EQ(one["settings"]["learning-rate"], wanted[i].first);
    EXPECT_EQ(one["settings"]["loss"], wanted[i].second);
    EXPECT_EQ(one["runs"], 2);
    for (const char* key : {"train_loss", "train_accuracy", "validation_loss",
                            "validation_accuracy", "test_loss", "test_accuracy", "seconds"})
      EXPECT_TRUE(one[key]["mean"].is_number() && one[key]["deviation"].is_number()) << key;
  }
  EXPECT_TRUE(found["best"]["loss"].is_string());
  double loss = 0;
  for (const char* seed : {"4", "5"})
    loss += tool.train({set, "--lr", "0.003", "--loss", "hinge", "--epochs", "2", "--seed", seed,
                        "--drop-last"})["test"]["loss"]
                .get<double>() /
            2;
  EXPECT_NEAR(found["cases"][3]["test_loss"]["mean"].get<double>(), loss, 1e-12 * loss);
}

TEST(SweepTrain, ACommaWithinAScheduleIsTheSchedules) {
  const Tool tool;
  const std::string set = tool.small_set();
  const json found =
      sweep(tool, {"train", set, "--epochs", "1", "--schedule",
                   "staircase:at=1/2,factor=0.1,cosine,one-cycle:start=0.2,cycle=0.5"});
  ASSERT_EQ(found["cases"].size(), 3U);
  EXPECT_EQ(found["cases"][0]["settings"]["schedule"], "staircase:at=1/2,factor=0.1");
  EXPECT_EQ(found["cases"][1]["settings"]["schedule"], "cosine");
  EXPECT_EQ(found["cases"][2]["settings"]["schedule"], "one-cycle:start=0.2,cycle=0.5");
}

TEST(SweepTrain, TextAndCsvHaveARowACombination) {
  const Tool tool;
  const std::string set = tool.small_set();
  const auto run = [&](const char* format) {
    return tool({"sweep", "train", set, "-b", "32,64", "--epochs", "1", "--format", format}).out;
  };
  EXPECT_EQ(lines(run("text")), 1 + 2);
  const std::string csv = run("csv");
  EXPECT_EQ(lines(csv), 1 + 2);
  EXPECT_EQ(std::ranges::count(csv, ','), 3 * 17) << csv;
  EXPECT_TRUE(csv.starts_with("batch-size,runs,")) << csv;
}

TEST(Sweep, ASignalLeavesWhatIsDoneAndExitStatus130) {
  const Tool tool;
  const std::string set = tool.small_set();
  Process process =
      tool.start({"sweep", "batch-size", "1,2,4,8,16,32", set, "--epochs", "1000000"});
  ASSERT_TRUE(process.until([&] { return process.handles(SIGINT); }));
  process.send(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  EXPECT_NE(outcome.err.find("interrupted"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.out.find("suggestion"), std::string::npos) << outcome.out;
}

TEST(Sweep, WhatCannotBeSweptIsAUsageError) {
  const Tool tool;
  const std::string set = tool.small_set();
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"sweep"},
        {"sweep", "momentum", set},
        {"sweep", "lr", set, "--from", "1", "--to", "0.1"},
        {"sweep", "lr", set, "--optimizer", "lbfgs"},
        {"sweep", "lr", set, "--plot", "x.png"},
        {"sweep", "batch-size", "16,many", set},
        {"sweep", "batch-size", "16,100000", set},
        {"sweep", "gradient-noise", set, "--draws", "1"},
        {"sweep", "train", set, "--seeds", "0"},
        {"sweep", "train", set, "--lr", "0.1,much"},
        {"sweep", "train", set, "--lr", "0.1,,0.2"},
        {"sweep", "train", set, "--rate", "0.1,0.2"},
        {"sweep", "train", set, "--run-directory", "a,b"}}) {
    const Outcome outcome = tool(words);
    EXPECT_EQ(outcome.status, 2) << words.back() << outcome.err;
    EXPECT_EQ(outcome.out, "") << words.back();
  }
  EXPECT_EQ(tool({"sweep", "lr", set, "--memory", "1KB"}).status, 5);
}

}  // namespace
}  // namespace fallline::test
