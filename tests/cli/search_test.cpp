#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tool.hpp"

namespace fallline::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* strategies[] = {"random", "local", "gradient"};

json search(const Tool& tool, std::vector<std::string> words) {
  words.insert(words.begin(), "search");
  words.insert(words.end(), {"--format", "json", "--quiet"});
  return json::parse(tool(std::move(words)).out, nullptr, false);
}

std::vector<json> history_of(const fs::path& run) {
  std::vector<json> lines;
  std::ifstream in(run / "history.jsonl");
  for (std::string line; std::getline(in, line);)
    lines.push_back(json::parse(line, nullptr, false));
  return lines;
}

TEST(SearchCommand, AllComparesTheThreeInOneTableWithTheSameEvaluations) {
  const Tool tool;
  const Outcome outcome = tool({"search", "all", tool.small_set(), "--tries", "40", "-o", "run"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(std::ranges::count(outcome.out, '\n'), 7) << outcome.out;
  for (const std::string strategy : strategies) {
    EXPECT_NE(outcome.out.find("\n" + strategy), std::string::npos) << outcome.out;
    const json summary = json::parse(content(tool.scratch() / "run" / strategy / "summary.json"));
    EXPECT_EQ(summary["strategy"], strategy);
    EXPECT_EQ(summary["evaluations"], 40);
    EXPECT_EQ(summary["train"]["examples"], 3000) << "nothing is held out to choose by";
    EXPECT_TRUE(summary["test"]["accuracy"].is_number());
  }
  EXPECT_EQ(outcome.err.find('\r'), std::string::npos);
  const json all = search(tool, {"all", "small", "--tries", "40", "-o", "again"});
  ASSERT_EQ(all.size(), 3U);
  EXPECT_LT(all[2]["train"]["loss"], all[1]["train"]["loss"]);
}

TEST(SearchCommand, TheRunDirectoryHoldsOneLineAnAttemptAndTheSummary) {
  const Tool tool;
  const std::string set = tool.small_set();
  for (const std::string strategy : strategies) {
    const json result = search(tool, {strategy, set, "--tries", "25", "-o", strategy});
    const fs::path run = tool.scratch() / strategy;
    for (const auto& entry : fs::directory_iterator(run))
      EXPECT_NE(entry.path().extension(), ".partial");
    EXPECT_TRUE(fs::exists(run / "templates.png"));
    EXPECT_EQ(json::parse(content(run / "summary.json"), nullptr, false), result);
    const std::vector<json> history = history_of(run);
    ASSERT_EQ(history.size(), 25U) << strategy;
    double best = 1e300;
    for (std::size_t t = 0; t < history.size(); ++t) {
      EXPECT_EQ(history[t]["attempt"], t + 1);
      best = std::min(best, history[t]["objective"].get<double>());
      EXPECT_EQ(history[t]["best"], best) << strategy << t;
    }
    EXPECT_EQ(history[result["best_attempt"].get<std::size_t>() - 1]["objective"], best);
    EXPECT_LE(std::abs(result["train"]["objective"].get<double>() - best), 1e-8 * best);
  }
}

TEST(SearchCommand, EvaluatedFromItsFileAModelGivesExactlyTheFiguresOfTheSearch) {
  const Tool tool;
  const std::string set = tool.small_set();
  for (const std::string strategy : strategies) {
    const json result = search(tool, {strategy, set, "--tries", "20", "--l2", "0.01", "-o",
                                      strategy, "--validation-share", "0.2"});
    for (const char* part : {"train", "validation", "test"}) {
      const Outcome outcome =
          tool({"evaluate", strategy, "--part", part, "--format", "json", "-q"});
      EXPECT_EQ(json::parse(outcome.out, nullptr, false), result[part]) << strategy << part;
    }
    EXPECT_EQ(tool({"predict", strategy, "-q"}).status, 0);
  }
}

TEST(SearchCommand, ASearchIsRepeatedFromItsConfigurationWithAnyThreadsAndCandidates) {
  const Tool tool;
  const std::string set = tool.small_set();
  for (const std::string strategy : strategies) {
    const json first = search(tool, {strategy, set, "--tries", "20", "--seed", "3", "--loss",
                                     "softmax", "--threads", "1", "-o", strategy});
    const json again = search(tool, {"--config", strategy + "/run.toml", "--threads", "3",
                                     "--candidates", "2", "-o", strategy + "-again"});
    EXPECT_EQ(again["strategy"], strategy);
    EXPECT_EQ(again["weights_hash"], first["weights_hash"]) << strategy;
    EXPECT_EQ(again["train"], first["train"]);
  }
}

TEST(SearchCommand, WhatMakesNoSenseIsAnsweredWithStatusTwo) {
  const Tool tool;
  const std::string set = tool.small_set();
  for (const std::vector<std::string>& words : {std::vector<std::string>{"search"},
                                                {"search", set},
                                                {"search", "randm", set},
                                                {"search", "random", set, "--tries", "0"},
                                                {"search", "random", set, "--tries", "-3"},
                                                {"search", "random", set, "--scale", "0"},
                                                {"search", "local", set, "--step", "-1"},
                                                {"search", "random", set, "--step", "0.1"},
                                                {"search", "local", set, "--learning-rate", "0.1"},
                                                {"search", "all", set, "--loss", "hnige"}}) {
    const Outcome outcome = tool(words);
    EXPECT_EQ(outcome.status, 2) << testing::PrintToString(words) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_GE(std::ranges::count(outcome.err, '\n'), 1) << testing::PrintToString(words);
    EXPECT_LE(std::ranges::count(outcome.err, '\n'), 4) << outcome.err;
  }
  EXPECT_EQ(tool({"search", "random", "not-there"}).status, 3);
  EXPECT_EQ(tool({"search", "random", set, "--memory", "5MB"}).status, 5);
  EXPECT_EQ(tool({"search", "random", set, "--tries", "1", "-o", "run"}).status, 0);
  EXPECT_EQ(tool({"search", "random", set, "--tries", "1", "-o", "run"}).status, 2);
}

TEST(SearchCommand, DescentThatDivergesEndsWithFourAndTheBestModel) {
  const Tool tool;
  const Outcome outcome = tool({"search", "gradient", tool.small_set(), "--loss", "squared-hinge",
                                "--learning-rate", "100", "-o", "run"});
  EXPECT_EQ(outcome.status, 4) << outcome.err;
  EXPECT_NE(outcome.err.find("learning rate 100"), std::string::npos) << outcome.err;
  EXPECT_EQ(tool({"evaluate", "run", "-q"}).status, 0);
}

TEST(SearchCommand, CtrlCSavesTheBestSaysWhereAndExits130) {
  const Tool tool;
  Process process = tool.start(
      {"search", "all", tool.small_set(), "--tries", "100000000", "-o", "run", "--format", "json"});
  const fs::path history = tool.scratch() / "run" / "random" / "history.jsonl.partial";
  ASSERT_TRUE(process.until([&] { return fs::exists(history) && fs::file_size(history) > 0; }));
  process.send(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  EXPECT_NE(outcome.err.find("saved in run/random"), std::string::npos) << outcome.err;
  const json printed = json::parse(outcome.out, nullptr, false);
  EXPECT_TRUE(printed.is_array() && printed.size() == 1) << "of all it is an array, as ever";
  EXPECT_FALSE(fs::exists(tool.scratch() / "run" / "local")) << "the rest is not begun";
  const fs::path run = tool.scratch() / "run" / "random";
  const json summary = json::parse(content(run / "summary.json"), nullptr, false);
  EXPECT_EQ(summary["stop_reason"], "interrupted");
  const std::vector<json> lines = history_of(run);
  EXPECT_EQ(lines.size(), summary["evaluations"]);
  EXPECT_LE(
      std::abs(lines.back()["best"].get<double>() - summary["train"]["objective"].get<double>()),
      1e-8 * lines.back()["best"].get<double>());
  EXPECT_EQ(tool({"evaluate", "run/random", "-q"}).status, 0);
}

TEST(SearchCommand, OnRealCifarFewTriesAlreadyPutTheThreeInOrder) {
  const char* root = std::getenv("FALLLINE_TEST_DATA");
  if (root == nullptr) GTEST_SKIP() << "FALLLINE_TEST_DATA names no directory";
  const Tool tool;
  const json all = search(tool, {"all", (fs::path(root) / "cifar-10-batches-bin").string(),
                                 "--loss", "hinge", "--preprocess", "mean", "--tries", "40"});
  ASSERT_EQ(all.size(), 3U);
  const auto test = [&](std::size_t i) { return all[i]["test"]["accuracy"].get<double>(); };
  EXPECT_GE(test(0), 0.10);
  EXPECT_LE(test(0), 0.18);
  EXPECT_GE(test(2), 0.25) << "the gradient";
  EXPECT_LT(all[2]["train"]["loss"], all[1]["train"]["loss"]);
  EXPECT_LT(all[2]["train"]["loss"], all[0]["train"]["loss"]);
  EXPECT_EQ(all[0]["train"]["examples"], 50000);
}

}  // namespace
}  // namespace fallline::test
