#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tool.hpp"

namespace fallline::test {
namespace {

using nlohmann::json;

/// A bench of a small set, with more words.
std::vector<std::string> small_bench(std::vector<std::string> more) {
  std::vector<std::string> words{"bench",
                                 "--examples",
                                 "400",
                                 "--features",
                                 "50",
                                 "--classes",
                                 "3",
                                 "--parameters",
                                 "5000",
                                 "--what",
                                 "epoch,evaluation,optimizers",
                                 "--batch-size",
                                 "32",
                                 "--repeats",
                                 "2",
                                 "--threads",
                                 "1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// The program with FALLLINE_ISA set.
Outcome with_isa(const Tool& tool, const std::string& isa, const std::string& words) {
  const std::string command = "FALLLINE_ISA=" + isa + " " + FALLLINE_TOOL + " " + words;
  return Process(tool.scratch().path(), {"/bin/sh", "-c", command}).wait();
}

TEST(Bench, JsonHasTheKeysThatScriptsRelyOn) {
  const Tool tool;
  const Outcome outcome = tool(small_bench({"--optimizer", "adam", "--format", "json"}));
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json result = json::parse(outcome.out, nullptr, false);
  EXPECT_EQ(result["version"], 1);
  ASSERT_EQ(result["measurements"].size(), 3U) << outcome.out;
  for (const json& m : result["measurements"]) {
    EXPECT_EQ(m["threads"], 1);
    EXPECT_GT(m["percent_of_peak"], 0);
    EXPECT_EQ(m["seconds"]["repeats"], 2);
  }
  const json& epoch = result["measurements"][0];
  EXPECT_EQ(epoch["what"], "epoch");
  EXPECT_EQ(epoch["examples"], 400);
  EXPECT_EQ(epoch["batch_size"], 32);
  EXPECT_GT(epoch["gflops"], 0);
  EXPECT_GT(result["measurements"][2]["gigabytes_per_second"], 0);
}

TEST(Bench, MeasuresTheMachineFirst) {
  const Tool tool;
  const Outcome outcome = tool({"bench", "--what", "machine", "--format", "json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json result = json::parse(outcome.out, nullptr, false);
  ASSERT_EQ(result["machines"].size(), 1U);
  EXPECT_GT(result["machines"][0]["peak_gflops"], 0.1);
  EXPECT_GT(result["machines"][0]["triad_gigabytes_per_second"], 0.1);
}

TEST(Bench, TextAndCsvHaveARowAMeasurement) {
  const Tool tool;
  const auto lines = [](const std::string& text) { return std::ranges::count(text, '\n'); };
  // Two tables, each with a blank line and a header.
  EXPECT_EQ(lines(tool(small_bench({"--optimizer", "sgd,adam"})).out), 3 + 2 + 2 * 2);
  const std::string csv = tool(small_bench({"--optimizer", "sgd", "--format", "csv"})).out;
  EXPECT_EQ(lines(csv), 1 + 3);
  EXPECT_EQ(std::ranges::count(csv, ','), (1 + 3) * 21);
}

TEST(Bench, SetsFloatsAndIntegersSideBySide) {
  const Tool tool;
  const auto bench = [&](const char* cells) {
    return tool({"bench", "--what", "epoch", "--examples", "200", "--features", "50", "-b", "20",
                 "--repeats", "1", "--arithmetic", "float,integer", "--cells", cells, "--format",
                 "json"});
  };
  const json found = json::parse(bench("u8").out, nullptr, false)["measurements"];
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0]["arithmetic"], "float");
  EXPECT_EQ(found[1]["arithmetic"], "integer");
  EXPECT_EQ(bench("f32").status, 2);
}

TEST(Bench, MeasuresAPersonsOwnData) {
  const Tool tool;
  (void)tool({"data", "make", "tiny", "--train", "200", "--test", "0"});
  const json result = json::parse(
      tool({"bench", "tiny", "--what", "epoch", "-b", "full", "--format", "json", "-q"}).out,
      nullptr, false);
  EXPECT_EQ(result["measurements"][0]["examples"], 200);
  EXPECT_EQ(result["measurements"][0]["features"], 3072);
  EXPECT_EQ(result["measurements"][0]["batch_size"], 200);
  EXPECT_EQ(tool({"bench", "tiny", "--examples", "100"}).status, 2) << "sizes of another set";
}

TEST(Bench, DrawsTimeAgainstWhatVariesFromTheSameRunAsTheFigures) {
  const Tool tool;
  const Outcome outcome =
      tool({"bench", "--what", "epoch", "--examples", "50,100,200", "--features", "20", "-b", "10",
            "--repeats", "1", "--chart", "n.svg", "--format", "json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(json::parse(outcome.out, nullptr, false)["measurements"].size(), 3U);
  const std::string svg = content(tool.scratch() / "n.svg");
  EXPECT_NE(svg.find("2 lines over examples from 50 to 200"), std::string::npos) << svg;
  for (const auto& entry : std::filesystem::directory_iterator(tool.scratch().path()))
    EXPECT_NE(entry.path().extension(), ".partial");
}

TEST(Bench, WhatCannotBeMeasuredIsAUsageError) {
  const Tool tool;
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--what", "epochs"},
                                                {"--isa", "avx3"},
                                                {"--repeats", "0"},
                                                {"--batch-size", "0"},
                                                {"--optimizer", "lbfgs"},
                                                {"--chart", "n.svg"},
                                                {"--chart", "n.png"}}) {
    const Outcome outcome = tool(small_bench(words));
    EXPECT_EQ(outcome.status, 2) << words[1];
    EXPECT_EQ(outcome.out, "") << words[1];
  }
  EXPECT_EQ(tool(small_bench({"--memory", "1KB"})).status, 5);
}

TEST(InstructionSet, IsForcedByTheCommandLineElseByTheEnvironmentAndRecorded) {
  const Tool tool;
  (void)tool({"data", "make", "tiny", "--train", "200", "--test", "50"});
  EXPECT_EQ(with_isa(tool, "baseline", "train tiny --epochs 1 -q -o a").status, 0);
  const auto toml = [&](const char* run) { return content(tool.scratch() / run / "run.toml"); };
  EXPECT_NE(toml("a").find("isa = \"baseline\"\n"), std::string::npos) << toml("a");
  const std::string summary = content(tool.scratch() / "a" / "summary.json");
  EXPECT_EQ(json::parse(summary)["configuration"]["instruction_set"], "baseline");
  const json again = tool.train({"--config", "a/run.toml", "-o", "b"});
  EXPECT_EQ(again["configuration"]["instruction_set"], "baseline");
  EXPECT_EQ(again["weights_hash"], json::parse(summary)["weights_hash"]);
  EXPECT_EQ(with_isa(tool, "nonsense", "train tiny --isa baseline --epochs 1 -q -o c").status, 0);
  const Outcome wrong = with_isa(tool, "nonsense", "evaluate a -q");
  EXPECT_EQ(wrong.status, 2);
  EXPECT_NE(wrong.err.find("'nonsense'"), std::string::npos) << wrong.err;
}

TEST(InstructionSet, LossesAgreeAcrossThemToRounding) {
  const Tool tool;
  (void)tool({"data", "make", "tiny", "--train", "500", "--test", "50"});
  const auto loss = [&](const char* isa) {
    return tool.train({"tiny", "--epochs", "3", "--isa", isa, "-o", isa})["train"]["loss"];
  };
  const double baseline = loss("baseline").get<double>();
  const json best =
      json::parse(tool({"evaluate", "baseline", "--part", "train", "--format", "json", "-q"}).out,
                  nullptr, false);
  EXPECT_NEAR(best["loss"].get<double>(), baseline, 1e-5 * baseline);
  const json all = json::parse(tool({"bench", "--what", "epoch", "--examples", "50", "--features",
                                     "20", "-b", "full", "--isa", "all", "--format", "json"})
                                   .out,
                               nullptr, false);
  ASSERT_FALSE(all["measurements"].empty());
  for (std::size_t k = 1; k < all["measurements"].size(); ++k) {
    const std::string isa = all["measurements"][k]["instruction_set"];
    EXPECT_NEAR(loss(isa.c_str()).get<double>(), baseline, 1e-5 * baseline) << isa;
  }
}

}  // namespace
}  // namespace fallline::test
