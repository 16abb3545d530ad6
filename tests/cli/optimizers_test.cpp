#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/tool.hpp"

namespace fallline::test {
namespace {

using nlohmann::json;

TEST(Optimizers, AreListedWithFormulaAndDefaults) {
  const Tool tool;
  const Outcome text = tool({"optimizers"});
  EXPECT_EQ(text.status, 0);
  EXPECT_NE(text.out.find("m <- b1 m + (1-b1) g"), std::string::npos);
  const json list = json::parse(tool({"optimizers", "--format", "json"}).out, nullptr, false);
  ASSERT_TRUE(list.is_array());
  for (const json& one : list) {
    EXPECT_NE(text.out.find(one["name"]), std::string::npos);
    EXPECT_NE(text.out.find(one["formula"]), std::string::npos);
    EXPECT_TRUE(one["presets"].contains("standard")) << one["name"];
  }
  const json adam =
      json::parse(tool({"optimizers", "adam", "--format", "json"}).out, nullptr, false);
  EXPECT_EQ(adam["presets"]["course"]["eps-root"], 1e-8);
  EXPECT_EQ(adam["presets"]["torch"]["eps"], 1e-8);
}

TEST(Optimizers, TwoPresetsAreComparedInWordsAndSteps) {
  const Tool tool;
  const Outcome text = tool({"optimizers", "adam", "--compare", "course,torch"});
  EXPECT_EQ(text.status, 0);
  EXPECT_NE(text.out.find("eps (added to the root): 0 in course, 1e-08 in torch"),
            std::string::npos);
  const json both =
      json::parse(tool({"optimizers", "adam", "--compare", "course,torch", "--format", "json"}).out,
                  nullptr, false);
  EXPECT_EQ(both["differences"].size(), 2U);
  EXPECT_NEAR(both["presets"][1]["steps"][0][1].get<double>(), 1 - 0.1 / 1.01, 1e-12);
  EXPECT_NE(tool({"optimizers", "adam", "--compare", "torch,optax"}).out.find("the same way"),
            std::string::npos);
}

TEST(Optimizers, ALineSearchHasNoStepsToCompareButSettings) {
  const Tool tool;
  const Outcome text = tool({"optimizers", "lbfgs", "--compare", "torch,optax"});
  EXPECT_EQ(text.status, 0);
  EXPECT_NE(text.out.find("100 in torch, 10 in optax"), std::string::npos);
}

TEST(Optimizers, WhatCannotBeComparedIsRefused) {
  const Tool tool;
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"optimizers", "adm"},
        {"optimizers", "--compare", "course,torch"},
        {"optimizers", "adam", "--compare", "course"},
        {"optimizers", "adam", "--compare", "course,pytorch"},
        {"optimizers", "lion", "--compare", "torch,optax"}}) {
    const Outcome outcome = tool(words);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "") << words.back();
  }
}

TEST(Train, ASettingThatTheOptimizerLacksIsNamed) {
  const Tool tool;
  const std::string set = tool.small_set();
  const Outcome outcome = tool({"train", set, "--optimizer", "adam", "--rho", "0.9"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.err.find("adam has no setting 'rho'"), std::string::npos) << outcome.err;
  EXPECT_EQ(tool({"train", set, "--optimizer", "lbfgs", "--batch-size", "100"}).status, 2);
  EXPECT_EQ(tool({"train", set, "--optimizer", "lbfgs", "--lr", "0.1"}).status, 2);
  EXPECT_EQ(tool({"train", set, "--optimizer", "lbfgs", "--sampling", "replacement"}).status, 2);
  EXPECT_EQ(tool({"train", set, "--optimizer", "adam", "--beta1", ""}).status, 2);
  EXPECT_EQ(tool({"train", set, "--optimizer", "adam", "--beta1="}).status, 2);
  EXPECT_EQ(tool({"train", set, "--optimizer", "lbfgs", "--schedule", "cosine"}).status, 2);
  EXPECT_EQ(tool({"train", set, "--optimizer", "adam", "--beta1", "1"}).status, 2);
}

TEST(Train, EveryOptimizerLearnsWithoutARateAndItsRunCanBeRepeated) {
  const Tool tool;
  (void)tool({"data", "make", "tiny", "--train", "300", "--test", "50"});
  const json list = json::parse(tool({"optimizers", "--format", "json"}).out, nullptr, false);
  for (const json& one : list) {
    const std::string name = one["name"];
    const json run = tool.train({"tiny", "--optimizer", name, "--epochs", "20", "-o", name});
    EXPECT_GT(run["train"]["accuracy"].get<double>(), 0.2) << name;
    EXPECT_EQ(run["configuration"]["optimizer"], name);
    const json again = tool.train({"--config", name + "/run.toml", "-o", name + "-again"});
    EXPECT_EQ(again["weights_hash"], run["weights_hash"]) << name;
  }
}

TEST(Train, SettingsAreRecordedAndRepeated) {
  const Tool tool;
  const json run =
      tool.train({tool.small_set(), "--optimizer", "adam", "--preset", "course", "--beta2", "0.99",
                  "--no-bias-correction", "--clip-norm", "1", "--epochs", "3", "-o", "run"});
  const json settings = run["configuration"]["optimizer_settings"];
  EXPECT_EQ(run["configuration"]["preset"], "course");
  EXPECT_EQ(settings["beta2"], 0.99);
  EXPECT_EQ(settings["bias-correction"], false);
  EXPECT_EQ(settings["eps-root"], 1e-8);
  EXPECT_EQ(settings["clip-norm"], 1);
  const json again = tool.train({"--config", "run/run.toml", "-o", "again"});
  EXPECT_EQ(again["weights_hash"], run["weights_hash"]);
  EXPECT_EQ(again["configuration"]["optimizer_settings"], settings);
}

TEST(Train, AConfigurationSpellsTheSettingsOutAndAnotherOptimizerLeavesThemBehind) {
  const Tool tool;
  (void)tool.train(
      {tool.small_set(), "--optimizer", "adam", "--preset", "tf1", "--epochs", "1", "-o", "run"});
  const std::string toml = content(tool.scratch().path() / "run" / "run.toml");
  for (const char* line : {"beta1 = 0.9\n", "eps = 1e-08\n", "eps-uncorrected = true\n"})
    EXPECT_NE(toml.find(line), std::string::npos) << line << toml;
  const json sgd = tool.train({"--config", "run/run.toml", "--optimizer", "sgd", "-o", "sgd"});
  EXPECT_EQ(sgd["configuration"]["optimizer"], "sgd");
  const json torch = tool.train({"--config", "run/run.toml", "--preset", "torch", "-o", "torch"});
  EXPECT_EQ(torch["configuration"]["optimizer_settings"]["eps-uncorrected"], false);
}

TEST(Train, OnRealDataEveryKindOfOptimizerReachesThirtyNinePercent) {
  const char* data = std::getenv("FALLLINE_TEST_DATA");
  if (data == nullptr) GTEST_SKIP() << "FALLLINE_TEST_DATA names no directory with CIFAR-10";
  const Tool tool;
  const std::string set = std::string(data) + "/cifar-10-batches-bin";
  for (const char* name : {"sgd", "heavy-ball", "ewma-momentum", "rmsprop", "adam"}) {
    const json run = tool.train({set, "--optimizer", name, "-o", name});
    EXPECT_GE(run["test"]["accuracy"].get<double>(), 0.39) << name;
  }
}

}  // namespace
}  // namespace fallline::test
