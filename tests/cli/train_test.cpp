#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tool.hpp"

namespace fallline::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// The last line of a file as JSON.
json last_line(const fs::path& path) {
  std::ifstream in(path);
  std::string line;
  std::string last;
  while (std::getline(in, line)) last = line;
  return json::parse(last, nullptr, false);
}

TEST(Train, JsonHasTheKeysThatScriptsRelyOnAndNothingElseIsOnStandardOutput) {
  const Tool tool;
  const Outcome outcome =
      tool({"train", tool.small_set(), "--epochs", "2", "--format", "json", "-o", "run"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json result = json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(result.is_object()) << outcome.out;
  for (const char* part : {"train", "test"})
    for (const char* key : {"loss", "accuracy"})
      EXPECT_TRUE(result[part][key].is_number()) << part << "." << key;
  for (const char* key : {"epochs", "steps", "seconds", "examples_per_second", "percent_of_peak"})
    EXPECT_TRUE(result[key].is_number()) << key;
  for (const char* key : {"weights_hash", "stop_reason", "run_directory"})
    EXPECT_TRUE(result[key].is_string()) << key;
  EXPECT_NE(outcome.err.find("epoch"), std::string::npos);
  EXPECT_EQ(outcome.err.find('\r'), std::string::npos);
}

TEST(Train, TheRunDirectoryHoldsEveryFileCompleteAndOneLineAStep) {
  const Tool tool;
  const json result = tool.train({tool.small_set(), "--epochs", "3", "-o", "run"});
  const fs::path run = tool.scratch() / "run";
  for (const char* name : {"run.toml", "history.jsonl", "epochs.jsonl", "model.safetensors",
                           "summary.json", "templates.png"})
    EXPECT_TRUE(fs::exists(run / name)) << name;
  for (const auto& entry : fs::directory_iterator(run))
    EXPECT_NE(entry.path().extension(), ".partial");
  std::ifstream history(run / "history.jsonl");
  std::uint64_t lines = 0;
  for (std::string line; std::getline(history, line);) {
    const json step = json::parse(line, nullptr, false);
    EXPECT_EQ(step["step"], ++lines);
    EXPECT_GT(step["gradient_norm"], 0);
    EXPECT_TRUE(step["loss"].is_number() && step["rate"].is_number());
  }
  EXPECT_EQ(lines, result["steps"]);
  std::ifstream epochs(run / "epochs.jsonl");
  std::uint64_t ended = 0;
  for (std::string line; std::getline(epochs, line);) {
    const json epoch = json::parse(line, nullptr, false);
    EXPECT_EQ(epoch["epoch"], ++ended);
    EXPECT_TRUE(epoch["validation_loss"].is_number() && epoch["seconds"].is_number());
  }
  EXPECT_EQ(ended, 3U);
  EXPECT_EQ(json::parse(content(run / "summary.json"), nullptr, false), result);
}

TEST(Train, TheSameSeedGivesTheSameWeightsWhateverTheThreadsAndAnotherSeedOthers) {
  const Tool tool;
  const std::string set = tool.small_set();
  const auto hash = [&](const std::string& seed, const std::string& threads, const char* batch) {
    return tool.train(
        {set, "--epochs", "2", "--seed", seed, "--threads", threads, "-b", batch})["weights_hash"];
  };
  for (const char* batch : {"1", "64", "full"}) {
    const json first = hash("5", "1", batch);
    EXPECT_EQ(hash("5", "2", batch), first) << batch;
    EXPECT_EQ(hash("5", "7", batch), first) << batch;
    EXPECT_NE(hash("6", "1", batch), first) << batch;
  }
}

TEST(Train, TheArithmeticIsChosenRecordedAndRepeated) {
  const Tool tool;
  const std::string set = tool.small_set();
  const auto run = [&](const char* arithmetic, const char* directory) {
    return tool.train({set, "--epochs", "2", "--arithmetic", arithmetic, "-o", directory});
  };
  const json automatic = run("auto", "a");
  EXPECT_EQ(automatic["configuration"]["arithmetic"], "integer");
  EXPECT_EQ(run("integer", "b")["weights_hash"], automatic["weights_hash"]);
  const json floats = run("float", "c");
  EXPECT_EQ(floats["configuration"]["arithmetic"], "float");
  EXPECT_NE(floats["weights_hash"], automatic["weights_hash"]);
  EXPECT_EQ(tool.train({"--config", "c/run.toml", "-o", "d"})["weights_hash"],
            floats["weights_hash"]);

  (void)tool.scratch().file("floats.csv", "a,b,label\n0.5,1,x\n1.5,2,y\n0.25,3,x\n");
  const Outcome refused = tool({"train", "floats.csv", "--arithmetic", "integer"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.err.find("the features are floats, not bytes"), std::string::npos)
      << refused.err;
  EXPECT_EQ(tool({"train", set, "--arithmetic", "int8"}).status, 2);
}

TEST(Train, ARunIsRepeatedFromItsConfiguration) {
  const Tool tool;
  const json first = tool.train({tool.small_set(), "--epochs", "2", "--loss", "hinge", "--l2",
                                 "0.001", "--optimizer", "heavy-ball", "--drop-last", "-o", "a"});
  const json again = tool.train({"--config", "a/run.toml", "-o", "b"});
  EXPECT_EQ(again["weights_hash"], first["weights_hash"]);
  EXPECT_EQ(again["configuration"]["drop_last"], true);
  const json other = tool.train({"--config", "a/run.toml", "--epochs", "1", "-o", "c"});
  EXPECT_EQ(other["epochs"], 1) << "the command line has the last word";
}

TEST(Train, EvaluatedFromItsFileAModelGivesExactlyTheFiguresOfTheRun) {
  const Tool tool;
  for (const char* loss : {"softmax", "hinge", "squared-hinge"}) {
    const std::string run = std::string("run-") + loss;
    const json result =
        tool.train({tool.small_set(), "--epochs", "2", "--loss", loss, "--l2", "0.01", "-o", run});
    for (const char* part : {"train", "validation", "test"}) {
      const Outcome outcome = tool({"evaluate", run, "--part", part, "--format", "json", "-q"});
      EXPECT_EQ(json::parse(outcome.out, nullptr, false), result[part]) << loss << " " << part;
    }
  }
}

TEST(Train, BatchMiniBatchAndStochasticDescentAreOneSetting) {
  const Tool tool;
  const std::string set = tool.small_set();
  const auto steps = [&](const char* batch) {
    return tool.train({set, "--epochs", "2", "--batch-size", batch})["steps"];
  };
  EXPECT_EQ(steps("1"), 2 * 2700);
  EXPECT_EQ(steps("1000"), 2 * 3);
  EXPECT_EQ(steps("full"), 2);
}

TEST(Train, FullBatchDescentLowersTheCostAtEveryStepAtTheChosenRate) {
  const Tool tool;
  for (const char* loss : {"softmax", "hinge", "squared-hinge"}) {
    const Outcome outcome = tool({"train", tool.small_set(), "--batch-size", "full", "--epochs",
                                  "100", "--loss", loss, "-o", loss});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.err.find("warning"), std::string::npos) << loss << outcome.err;
    std::ifstream history(tool.scratch() / loss / "history.jsonl");
    double before = 1e300;
    for (std::string line; std::getline(history, line);) {
      const double cost = json::parse(line)["objective"];
      EXPECT_LT(cost, before) << loss << line;
      before = cost;
    }
  }
}

TEST(Train, FullBatchDescentAtARateTooHighWarnsAndNamesTheRate) {
  const Tool tool;
  const Outcome outcome = tool({"train", tool.small_set(), "--batch-size", "full", "--epochs", "20",
                                "--learning-rate", "0.03125", "-o", "run"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_NE(outcome.err.find("warning: the cost rose"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("learning rate 0.03125"), std::string::npos) << outcome.err;
}

TEST(Train, ADivergingRunEndsWithFourTheLastFiniteModelAndAHistoryUpToTheBadStep) {
  const Tool tool;
  const Outcome outcome = tool({"train", tool.small_set(), "--loss", "squared-hinge",
                                "--learning-rate", "100", "--epochs", "50", "-o", "run"});
  EXPECT_EQ(outcome.status, 4) << outcome.err;
  EXPECT_NE(outcome.err.find("learning rate 100"), std::string::npos) << outcome.err;
  const json bad = last_line(tool.scratch() / "run" / "history.jsonl");
  EXPECT_TRUE(bad["loss"].is_null() || bad["gradient_norm"].is_null());
  EXPECT_EQ(bad["finite"], false);
  EXPECT_NE(outcome.err.find("step " + bad["step"].dump() + " "), std::string::npos) << outcome.err;
  const json summary = json::parse(content(tool.scratch() / "run" / "summary.json"));
  EXPECT_EQ(summary["stop_reason"], "diverged");
  EXPECT_TRUE(summary["train"]["loss"].is_number()) << "the kept model has a finite loss";
  EXPECT_EQ(tool({"evaluate", "run", "-q"}).status, 0);
}

/// The largest rate, doubled from the chosen one on, at which the cost of 30 steps on all examples
/// never rises.
double stable_rate(const Tool& tool, const std::string& set, const std::string& loss) {
  const auto whole = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {set, "--loss", loss, "-b", "full", "--epochs", "30"});
    return tool.train(more);
  };
  double rate = whole({})["configuration"]["learning_rate"];
  while (whole({"--learning-rate", std::to_string(2 * rate)})["cost_rises"] == 0) rate *= 2;
  return rate;
}

TEST(Train, AtTenTimesTheStableRateItDivergesAndNamesARateThatWorks) {
  const Tool tool;
  const std::string set = tool.small_set();
  // The hinge is the perceptron's at a high rate: its predictions do not depend on the rate then,
  // and on a set as small as this one it may still end below its beginning.
  for (const std::string loss : {"softmax", "squared-hinge"}) {
    const double stable = stable_rate(tool, set, loss);
    const auto run = [&](double rate, const std::string& directory) {
      return tool({"train", set, "--loss", loss, "--epochs", "20", "--learning-rate",
                   std::to_string(rate), "--format", "json", "-o", directory});
    };
    const Outcome diverged = run(10 * stable, loss + "-a");
    EXPECT_EQ(diverged.status, 4) << loss << ": " << diverged.err;
    if (diverged.status != 4) continue;
    EXPECT_NE(diverged.err.find("was tried and held"), std::string::npos) << diverged.err;
    const double held = json::parse(diverged.out)["held_learning_rate"];
    EXPECT_LT(held, 10 * stable);
    EXPECT_GT(held, stable / 30) << "and no needlessly small one";
    const Outcome again = run(held, loss + "-b");
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_GT(json::parse(again.out)["test"]["accuracy"], 0.15);
  }
}

TEST(Train, EarlyStoppingKeepsTheBestWeights) {
  const Tool tool;
  const json result = tool.train({tool.small_set(), "--epochs", "400", "--patience", "3",
                                  "--learning-rate", "0.01", "-o", "run"});
  EXPECT_EQ(result["stop_reason"], "early-stopping");
  EXPECT_EQ(result["epochs"], result["best_epoch"].get<int>() + 3);
  const json best =
      tool.train({"small", "--epochs", result["best_epoch"].dump(), "--learning-rate", "0.01"});
  EXPECT_EQ(best["weights_hash"], result["weights_hash"]);
}

/// Starts a long run and waits until its history has begun.
Process long_run(const Tool& tool) {
  Process process = tool.start({"train", tool.small_set(), "--epochs", "1000000", "-o", "run"});
  const fs::path history = tool.scratch() / "run" / "history.jsonl.partial";
  EXPECT_TRUE(process.until([&] { return fs::exists(history) && fs::file_size(history) > 0; }));
  return process;
}

TEST(Train, CtrlCSavesWhatThereIsSaysWhereAndExits130) {
  const Tool tool;
  Process process = long_run(tool);
  process.send(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  EXPECT_NE(outcome.err.find("saved in run"), std::string::npos) << outcome.err;
  const json summary =
      json::parse(content(tool.scratch() / "run" / "summary.json"), nullptr, false);
  EXPECT_EQ(summary["stop_reason"], "interrupted");
  EXPECT_EQ(last_line(tool.scratch() / "run" / "history.jsonl")["step"], summary["steps"]);
  EXPECT_EQ(tool({"evaluate", "run", "-q"}).status, 0);
}

TEST(Train, AReaderOfTheNarrationThatGoesAwayDoesNotEndTheRun) {
  const Tool tool;
  const std::string command = std::string(FALLLINE_TOOL) + " train " + tool.small_set() +
                              " --epochs 300 -o run 2>&1 >/dev/null | head -n 9 >/dev/null";
  (void)Process(tool.scratch().path(), {"/bin/sh", "-c", command}).wait();
  // The shell waits for both ends of the pipe.
  const json summary =
      json::parse(content(tool.scratch() / "run" / "summary.json"), nullptr, false);
  EXPECT_EQ(summary["epochs"], 300);
}

TEST(Train, AConfigurationThatCannotBeReadIsNamed) {
  const Tool tool;
  for (const char* text : {"epochs 3\n", "[train]\nepochs = 3\n", "epoch = 3\n"}) {
    (void)tool.scratch().file("bad.toml", text);
    const Outcome outcome = tool({"train", "--config", "bad.toml"});
    EXPECT_EQ(outcome.status, 3) << text;
    EXPECT_NE(outcome.err.find("bad.toml"), std::string::npos) << outcome.err;
  }
}

TEST(Train, WithoutATestPartARunIsEvaluatedOnAllOfItsData) {
  const Tool tool;
  (void)tool.scratch().file("four.csv", "a,label\n1,x\n2,x\n-1,y\n-2,y\n");
  (void)tool.train({"four.csv", "--test-share", "0", "--validation-share", "0", "-o", "run"});
  const Outcome outcome = tool({"evaluate", "run", "--format", "json", "-q"});
  EXPECT_EQ(json::parse(outcome.out, nullptr, false)["examples"], 4) << outcome.err;
}

TEST(Train, KilledAtAnyMomentNothingHalfWrittenHasAFinalName) {
  const Tool tool;
  Process process = long_run(tool);
  process.send(SIGKILL);
  EXPECT_EQ(process.wait().status, -SIGKILL);
  for (const auto& entry : fs::directory_iterator(tool.scratch() / "run")) {
    const std::string name = entry.path().filename();
    EXPECT_TRUE(name == "run.toml" || name.ends_with(".partial")) << name;
  }
}

TEST(Train, WhatCannotFitIsRefusedWithTheFiguresBeforeItIsRead) {
  const Tool tool;
  // 6 TB of zeros that take no room on the disk.
  std::ofstream(tool.scratch() / "huge.bin").put('\0');
  fs::resize_file(tool.scratch() / "huge.bin", std::uintmax_t{3073} * 2'000'000'000);
  const Outcome outcome = tool({"train", "huge.bin"});
  EXPECT_EQ(outcome.status, 5) << outcome.err;
  EXPECT_NE(outcome.err.find("5.6 TiB"), std::string::npos) << outcome.err;
  EXPECT_EQ(tool({"train", tool.small_set(), "--memory", "5MB"}).status, 5);
}

TEST(Train, ARunDirectoryInUseIsNotOverwritten) {
  const Tool tool;
  const json first = tool.train({tool.small_set(), "--epochs", "1", "-o", "run"});
  EXPECT_EQ(tool({"train", "small", "--epochs", "1", "-o", "run"}).status, 2);
  EXPECT_EQ(json::parse(content(tool.scratch() / "run" / "summary.json")), first);
}

TEST(Train, OnRealCifarTheDefaultsReachTheAccuracyOfTheLiterature) {
  const char* root = std::getenv("FALLLINE_TEST_DATA");
  if (root == nullptr) GTEST_SKIP() << "FALLLINE_TEST_DATA names no directory";
  const std::string path = (fs::path(root) / "cifar-10-batches-bin").string();
  const Tool tool;
  for (const auto& [loss, least] : {std::pair{"softmax", 0.395}, std::pair{"hinge", 0.380}}) {
    const Outcome outcome = tool({"train", path, "--loss", loss, "--format", "json"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_GE(json::parse(outcome.out)["test"]["accuracy"], least) << loss;
#ifndef FALLLINE_TEST_SANITIZED
    EXPECT_LT(outcome.peak_kib, 450'000'000 / 1024) << loss;
#endif
  }
}

}  // namespace
}  // namespace fallline::test
