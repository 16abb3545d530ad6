#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <string>

#include "tool.hpp"

namespace fallline::test {
namespace {

using nlohmann::json;

/// `fallline WORDS… --format json`, parsed.
json found_by(const Tool& tool, std::vector<std::string> words) {
  words.insert(words.end(), {"--format", "json", "--quiet"});
  const Outcome outcome = tool(std::move(words));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  return json::parse(outcome.out, nullptr, false);
}

std::ptrdiff_t rows_of(const std::string& text) { return std::ranges::count(text, '\n'); }

/// A trained run on a small set, `run`; its training part has 2700 examples.
std::string trained(const Tool& tool, const std::string& loss) {
  const std::string set = tool.small_set();
  tool.train({set, "--loss", loss, "--epochs", "3", "-o", "run"});
  return set;
}

TEST(LandscapeCommand, TheThreePointsAreOneCommandWithTheBreakpointsOfTheHand) {
  const Tool tool;
  const json found = found_by(tool, {"landscape", "--example", "three-points", "--plot", "w.svg"});
  EXPECT_EQ(found["breakpoints"]["count"], 4);
  EXPECT_EQ(found["breakpoints"]["a"], (json{-1.75, -0.5, 0.0, 0.75}));
  EXPECT_EQ(found["breakpoints"]["minimum"]["a"], 0.75);
  EXPECT_EQ(found["directions"][0]["kind"], "axis");
  EXPECT_EQ(found["data"]["examples"], 3);
  EXPECT_NE(content(tool.scratch() / "w.svg").find("</svg>"), std::string::npos);
  const Outcome text = tool({"landscape", "--example", "three-points"});
  EXPECT_NE(text.out.find("breakpoints 4"), std::string::npos) << text.out;
}

TEST(LandscapeCommand, OfARunIsThePlaneOfItsTrainingPartAndTheFileIsWhatIsPrinted) {
  const Tool tool;
  trained(tool, "softmax");
  const json summary = json::parse(content(tool.scratch() / "run" / "summary.json"));
  const Outcome outcome =
      tool({"landscape", "run", "--points", "21,11", "--range", "0.5", "--range-b", "-1,2",
            "--check", "20", "--format", "json", "--output", "run/landscape.json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out, content(tool.scratch() / "run" / "landscape.json"));
  const json found = json::parse(outcome.out);
  EXPECT_EQ(found["model"]["run"], "run");
  EXPECT_EQ(found["data"]["part"], "train");
  EXPECT_EQ(found["data"]["examples"], 2700);
  EXPECT_EQ(found["a"].size(), 21U);
  EXPECT_EQ(found["b"].size(), 11U);
  EXPECT_EQ(found["b"][0], -1.0);
  EXPECT_NEAR(found["centre"]["objective"].get<double>(),
              summary["train"]["objective"].get<double>(), 1e-5);
  EXPECT_LE(found["check"]["worst_relative_difference"], 1e-6);
}

TEST(LandscapeCommand, TextAndCsvHaveWhatAPersonAndATableWant) {
  const Tool tool;
  trained(tool, "hinge");
  const Outcome text = tool({"landscape", "run", "--directions", "gradient", "--steepest"});
  for (const char* word : {"breakpoints", "steepest descent", "barely moves", "improves",
                           "overshoots", "check", "lowest"})
    EXPECT_NE(text.out.find(word), std::string::npos) << word << "\n" << text.out;
  const Outcome line =
      tool({"landscape", "run", "--directions", "random", "--points", "7", "--format", "csv"});
  EXPECT_TRUE(line.out.starts_with("a,loss,objective,accuracy\n")) << line.out;
  EXPECT_EQ(rows_of(line.out), 8);
  const Outcome plane =
      tool({"landscape", "run", "--points", "3,2", "--no-accuracy", "--format", "csv"});
  EXPECT_TRUE(plane.out.starts_with("a,b,loss,objective\n")) << plane.out;
  EXPECT_EQ(rows_of(plane.out), 7);
}

TEST(LandscapeCommand, GoesTowardsAModelAlongThePathAndOverOneExampleOrABatch) {
  const Tool tool;
  const std::string set = trained(tool, "softmax");
  const json other = tool.train({set, "--seed", "2", "--epochs", "2", "-o", "other"});
  const json between = found_by(tool, {"landscape", "run", "--directions", "to:other,random",
                                       "--points", "3,3", "--which", "batch", "--examples", "50"});
  EXPECT_EQ(between["directions"][0]["kind"], "to");
  EXPECT_EQ(between["directions"][0]["scaled"], "none");
  EXPECT_EQ(between["data"]["which"], "batch");
  EXPECT_EQ(between["data"]["examples"], 50);
  const json path = found_by(tool, {"landscape", "run", "--directions", "principal,principal",
                                    "--points", "3", "--which", "example", "--number", "7"});
  EXPECT_EQ(path["directions"][1]["kind"], "principal");
  EXPECT_EQ(path["data"]["first_example"], 7);
  EXPECT_EQ(path["data"]["examples"], 1);
}

TEST(LandscapeCommand, ASearchHasAPlaneButNoPathOfADescent) {
  const Tool tool;
  const std::string set = tool.small_set();
  (void)tool({"search", "random", set, "--tries", "3", "-o", "found", "-q"});
  EXPECT_EQ(tool({"landscape", "found", "--points", "3", "-q"}).status, 0);
  const Outcome path = tool({"landscape", "found", "--directions", "principal", "-q"});
  EXPECT_EQ(path.status, 2);
  EXPECT_NE(path.err.find("search"), std::string::npos) << path.err;
}

TEST(LandscapeCommand, TheSameFiguresWhateverTheThreads) {
  const Tool tool;
  trained(tool, "hinge");
  const auto figures = [&](const char* threads) {
    json found = found_by(tool, {"landscape", "run", "--directions", "random", "--steepest",
                                 "--check", "0", "--threads", threads});
    found.erase("seconds");
    return found;
  };
  EXPECT_EQ(figures("1"), figures("3"));
}

TEST(LandscapeCommand, WhatCannotBeDrawnIsAUsageErrorInTwoLines) {
  const Tool tool;
  trained(tool, "softmax");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"landscape"},
        {"landscape", "run", "--example", "three-points"},
        {"landscape", "run", "--directions", "up"},
        {"landscape", "run", "--directions", "axis:x"},
        {"landscape", "run", "--directions", "axis:99999999"},
        {"landscape", "run", "--directions", "random,random,random"},
        {"landscape", "run", "--directions", "gradient,gradient", "--steepest"},
        {"landscape", "run", "--range", "1,-1"},
        {"landscape", "run", "--range", "0"},
        {"landscape", "run", "--range", "wide"},
        {"landscape", "run", "--points", "0"},
        {"landscape", "run", "--points", "2.5"},
        {"landscape", "run", "--points", "1000000,1000000"},
        {"landscape", "run", "--which", "example", "--number", "2701"},
        {"landscape", "run", "--rates", "0.1,-1"},
        {"landscape", "run", "--plot", "plane.svg"},
        {"landscape", "run/model.safetensors", "small", "--directions", "principal"}}) {
    const Outcome outcome = tool(words);
    EXPECT_EQ(outcome.status, 2) << testing::PrintToString(words) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_LE(rows_of(outcome.err), 4) << outcome.err;
  }
  EXPECT_EQ(tool({"landscape", "run", "--memory", "1MB"}).status, 5);
  EXPECT_EQ(tool({"landscape", "nothing"}).status, 3);
}

TEST(LandscapeCommand, ASignalLeavesThePictureOfTheExamplesUntilThen) {
  const Tool tool;
  // So many that the picture of 490,000 points takes far longer than a signal.
  (void)tool({"data", "make", "large", "--train", "12000", "--test", "100"});
  (void)tool.train({"large", "--epochs", "1", "-o", "run"});
  Process process =
      tool.start({"landscape", "run", "--points", "700", "--check", "0", "--output", "l.json"});
  ASSERT_TRUE(process.until([&] { return process.handles(SIGINT); }));
  process.send(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  EXPECT_NE(outcome.out.find("interrupted"), std::string::npos) << outcome.out;
  const json found = json::parse(content(tool.scratch() / "l.json"), nullptr, false);
  EXPECT_EQ(found["interrupted"], true);
  EXPECT_LT(found["data"]["examples"], 10800);
}

TEST(PathsCommand, ThreeKindsFromOneStartInOnePlane) {
  const Tool tool;
  const std::string set = tool.small_set();
  const json found = found_by(tool, {"paths", set, "--epochs", "2", "--batch-steps", "20",
                                     "--iterates", "20", "--points", "9", "--output", "p.json"});
  EXPECT_EQ(found, json::parse(content(tool.scratch() / "p.json")));
  ASSERT_EQ(found["runs"].size(), 3U);
  EXPECT_EQ(found["runs"][0]["name"], "batch");
  EXPECT_EQ(found["runs"][1]["batch_size"], 256);
  EXPECT_EQ(found["runs"][2]["steps"], 6000);
  EXPECT_GT(found["runs"][0]["straightness"], found["runs"][1]["straightness"]);
  EXPECT_GT(found["runs"][1]["straightness"], found["runs"][2]["straightness"]);
  EXPECT_EQ(found["plane"]["objective"].size(), 9U);
}

TEST(PathsCommand, OptimizersGoAtTheirOwnRatesAndTextAndCsvHaveARowEach) {
  const Tool tool;
  const std::string set = tool.small_set();
  const std::vector<std::string> words{"paths",    set, "--optimizers", "sgd,adam",
                                       "--epochs", "2", "--iterates",   "4",
                                       "--points", "5"};
  std::vector<std::string> csv = words;
  csv.insert(csv.end(), {"--format", "csv"});
  const Outcome text = tool(words);
  ASSERT_EQ(text.status, 0) << text.err;
  EXPECT_NE(text.err.find("adam: looking for its rate"), std::string::npos) << text.err;
  for (const char* word : {"sgd", "adam", "principal", "beside"})
    EXPECT_NE(text.out.find(word), std::string::npos) << text.out;
  const Outcome table = tool(csv);
  EXPECT_TRUE(table.out.starts_with("path,step,examples,a,b,")) << table.out;
  EXPECT_EQ(rows_of(table.out), 1 + 2 * 4);
}

TEST(PathsCommand, WhatCannotBeFollowedIsAUsageError) {
  const Tool tool;
  for (const std::vector<std::string>& words : {std::vector<std::string>{"paths", "--runs", "full"},
                                                {"paths", "--optimizers", "adamm"},
                                                {"paths", "--iterates", "1"},
                                                {"paths", "--plane", "pca"},
                                                {"paths", "--points", "0"},
                                                {"paths", "--batch-steps", "0"}})
    EXPECT_EQ(tool(words).status, 2) << testing::PrintToString(words);
  EXPECT_EQ(tool({"paths", "--memory", "1MB"}).status, 5);
}

TEST(PathsCommand, ASignalLeavesThePathsUntilThen) {
  const Tool tool;
  const std::string set = tool.small_set();
  Process process = tool.start({"paths", set, "--runs", "batch,mini-batch", "--batch-steps", "5",
                                "--epochs", "1000000", "--points", "5"});
  ASSERT_TRUE(process.until(
      [&] { return process.told().find("mini-batch: descending") != std::string::npos; }));
  process.send(SIGINT);
  const Outcome outcome = process.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  EXPECT_NE(outcome.out.find("mini-batch"), std::string::npos) << outcome.out;
}

}  // namespace
}  // namespace fallline::test
