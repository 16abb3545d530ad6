#include <gtest/gtest.h>

#include <string>

#include "tool.hpp"

namespace fallline::test {
namespace {

using nlohmann::json;

bool says(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

/// 1,000 parts of which 2 % are defective, and no feature that says which.
std::string rare_defects(const Tool& tool) {
  std::string rows = "a,b,state\n";
  for (int i = 0; i < 1000; ++i)
    rows += std::to_string(i * 7919 % 101) + "." + std::to_string(i * 31 % 7) + "," +
            std::to_string(i * 37 % 11) + "," + (i % 50 == 17 ? "defect" : "ok") + "\n";
  (void)tool.scratch().file("defects.csv", rows);
  return "defects.csv";
}

/// 200 rows with hardly two prices alike.
std::string prices(const Tool& tool) {
  std::string rows = "a,b,price\n";
  for (int i = 0; i < 200; ++i)
    rows += std::to_string(i * 37 % 11) + ".5," + std::to_string(i * 91 % 17) + "," +
            std::to_string(50'000 + 17 * (i % 190)) + "\n";
  (void)tool.scratch().file("prices.csv", rows);
  return "prices.csv";
}

TEST(Notes, AModelThatDoesNotBeatTheMajorityIsSaidToByTrainAndEvaluate) {
  const Tool tool;
  const Outcome text =
      tool({"train", rare_defects(tool), "--epochs", "20", "-o", "run", "-q", "--lr", "0.01"});
  ASSERT_EQ(text.status, 0) << text.err;
  EXPECT_TRUE(says(text.out, "majority  98.00 %")) << text.out;
  EXPECT_TRUE(says(text.out, "note        on the test part the accuracy of ")) << text.out;
  EXPECT_FALSE(says(text.out, "top-")) << "of two classes it says nothing";
  const Outcome found = tool({"evaluate", "run", "-q"});
  EXPECT_TRUE(says(found.out, "majority 98.00 %")) << found.out;
  EXPECT_TRUE(says(found.out, "does not beat 'ok' for every example")) << found.out;
  const json summary = json::parse(content(tool.scratch() / "run" / "summary.json"));
  EXPECT_EQ(summary["test"]["majority_class"], "ok");
  EXPECT_EQ(summary["test"]["majority_share"], 0.98);
  EXPECT_EQ(summary["test"]["beats_majority"], false);
  EXPECT_FALSE(summary["test"].contains("top_2_accuracy"));
  EXPECT_TRUE(says(summary["notes"].dump(), "does not beat")) << summary["notes"];
}

TEST(Notes, AModelThatBeatsItHasNoSuchNote) {
  const Tool tool;
  const json result = tool.train({tool.small_set(), "--epochs", "10"});
  EXPECT_EQ(result["test"]["beats_majority"], true);
  EXPECT_TRUE(result["test"].contains("top_5_accuracy"));
  EXPECT_FALSE(says(result["notes"].dump(), "beat")) << result["notes"];
}

TEST(Notes, AClassThatAPartDoesNotHaveHasNoPrecisionInAnyFormat) {
  const Tool tool;
  std::string rows = "a,b,label\n";
  for (int i = 0; i < 60; ++i) {
    const std::string sign = i % 3 == 0 ? "-" : "";
    rows += sign + std::to_string(i + 5) + "," + std::to_string(i % 3) + "," +
            (i % 3 == 0   ? "p"
             : i % 3 == 1 ? "q"
                          : "r") +
            "\n";
  }
  (void)tool.scratch().file("three.csv", rows);
  (void)tool.scratch().file("two.csv", "a,b,label\n-5,0,p\n-9,0,p\n7,1,q\n");
  ASSERT_EQ(tool({"train", "three.csv", "-o", "run", "-q"}).status, 0);
  const auto found = [&](const char* format) {
    return tool({"evaluate", "run", "two.csv", "--format", format, "-q"}).out;
  };
  const json classes = json::parse(found("json"))["classes"];
  EXPECT_EQ(classes[2]["name"], "r");
  EXPECT_TRUE(classes[2]["precision"].is_null()) << classes;
  EXPECT_TRUE(classes[2]["recall"].is_null()) << classes;
  EXPECT_TRUE(classes[0]["recall"].is_number()) << classes;
  EXPECT_TRUE(says(found("csv"), "\nr,0,,\n")) << found("csv");
  EXPECT_TRUE(says(found("text"), "r                        0           -         -\n"))
      << found("text");
}

TEST(Notes, ALabelThatLooksLikeAQuantityIsAskedAboutByEveryCommandThatLearnsAlsoWhereItIsQuiet) {
  const Tool tool;
  const std::string set = prices(tool);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"train", set, "--epochs", "2", "-q"},
        {"sweep", "train", set, "--epochs", "2", "--lr", "0.1,0.2", "-q"},
        {"sweep", "lr", set, "--trial-epochs", "1", "-q"},
        {"sweep", "batch-size", "16,32", set, "--epochs", "1", "-q"},
        {"sweep", "gradient-noise", set, "-q"},
        {"search", "random", set, "--tries", "2", "-q"},
        {"paths", set, "--runs", "mini-batch", "--epochs", "1", "--points", "3", "-q"}}) {
    const Outcome outcome = tool(words);
    EXPECT_TRUE(says(outcome.err, "warning  the 200 examples have 190 classes"))
        << testing::PrintToString(words) << outcome.err;
    EXPECT_TRUE(says(outcome.err, "regression")) << outcome.err;
  }
  const json info = json::parse(tool({"data", "info", set, "--format", "json"}).out);
  EXPECT_TRUE(says(info["warnings"].dump(), "regression")) << info["warnings"];
  EXPECT_TRUE(says(tool({"data", "info", set}).out, "warning     the 200 examples"));
  EXPECT_TRUE(says(tool.train({set, "--epochs", "1"})["notes"].dump(), "regression"));
}

TEST(Notes, AWarmUpLongerThanTheRunIsSaidByTrainAndSchedules) {
  const Tool tool;
  const std::string set = tool.small_set();
  const std::string words =
      "the run has 3 steps, the warm-up 1000: the rate never gets beyond 0.3 %";
  const Outcome run = tool({"train", set, "-b", "full", "--epochs", "3", "--schedule",
                            "warmup:steps=1000 then cosine", "-o", "run"});
  EXPECT_TRUE(says(run.err, "note     " + words)) << run.err;
  EXPECT_TRUE(says(run.out, "note        " + words)) << run.out;
  EXPECT_TRUE(says(run.out, "the cosine never begins")) << run.out;
  const json summary = json::parse(content(tool.scratch() / "run" / "summary.json"));
  EXPECT_TRUE(says(summary["notes"].dump(), words)) << summary["notes"];
  const std::vector<std::string> look{"schedules", "warmup:steps=1000", "--epochs",
                                      "3",         "--steps-per-epoch", "1"};
  EXPECT_TRUE(says(tool(look).err, words));
  std::vector<std::string> as_json = look;
  as_json.insert(as_json.end(), {"--format", "json"});
  EXPECT_TRUE(says(json::parse(tool(as_json).out)["notes"].dump(), words));
}

TEST(Notes, AColumnOfSubnormalNumbersTrainsAtAFiniteRate) {
  const Tool tool;
  std::string rows = "a,b,label\n";
  for (int i = 0; i < 60; ++i)
    rows += std::to_string(i * 7 % 13) + "e-40," + std::to_string(i % 3 * 10 + i % 5) + "," +
            (i % 3 == 0 ? "p" : "q") + "\n";
  (void)tool.scratch().file("tiny.csv", rows);
  for (const char* kind : {"feature", "none", "mean", "global"}) {
    const json result = tool.train({"tiny.csv", "--preprocess", kind});
    ASSERT_TRUE(result.is_object()) << kind;
    EXPECT_GT(result["configuration"]["learning_rate"], 0) << kind;
    EXPECT_TRUE(result["train"]["loss"].is_number()) << kind;
  }
}

}  // namespace
}  // namespace fallline::test
