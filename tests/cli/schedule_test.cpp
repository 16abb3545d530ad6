#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "tool.hpp"

namespace fallline::test {
namespace {

using nlohmann::json;

/// The rates of a run's history.
std::vector<double> rates_of(const std::filesystem::path& run) {
  std::vector<double> rates;
  std::ifstream history(run / "history.jsonl");
  for (std::string line; std::getline(history, line);)
    rates.push_back(json::parse(line)["rate"].get<double>());
  return rates;
}

TEST(Schedules, AreListedInEachFormatWithTheirParameters) {
  const Tool tool;
  const Outcome text = tool({"schedules"});
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_NE(text.out.find("inverse-time         a0 / (1 + r epoch)"), std::string::npos)
      << text.out;
  EXPECT_NE(text.out.find("final=0.01"), std::string::npos) << text.out;
  const json list = json::parse(tool({"schedules", "--format", "json"}).out, nullptr, false);
  ASSERT_EQ(list.size(), 11U);
  EXPECT_EQ(list[1]["name"], "inverse-time");
  EXPECT_EQ(list[1]["parameters"][0]["default"], "1");
  const Outcome csv = tool({"schedules", "--format", "csv"});
  EXPECT_TRUE(csv.out.starts_with("schedule,formula,parameter,default,about\nconstant,a0,,,\n"))
      << csv.out;
}

TEST(Schedules, ATableOfRatesIsMadeWithoutTraining) {
  const Tool tool;
  const std::vector<std::string> words{"schedules",         "inverse-time:r=1",
                                       "--learning-rate",   "0.2",
                                       "--epochs",          "4",
                                       "--steps-per-epoch", "50"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return tool(more).out;
  };
  const json all = json::parse(with({"--format", "json"}), nullptr, false);
  EXPECT_EQ(all["schedule"], "inverse-time:r=1");
  ASSERT_EQ(all["rates"].size(), 200U);
  EXPECT_EQ(all["rates"][0], (json{{"step", 1}, {"epoch", 1}, {"rate", 0.1}}));
  EXPECT_EQ(all["rates"][199], (json{{"step", 200}, {"epoch", 4}, {"rate", 0.04}}));
  EXPECT_EQ(with({"--format", "csv", "--every", "100"}),
            "step,epoch,rate\n1,1,0.1\n101,3,0.05\n200,4,0.04\n");
  const std::string text = with({});
  EXPECT_LE(std::ranges::count(text, '\n'), 28) << text;
  EXPECT_NE(text.find("0.0666667"), std::string::npos) << text;
}

TEST(Schedules, WhatIsWrongIsAnsweredWithStatusTwoAndNothingOnStandardOutput) {
  const Tool tool;
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"schedules", "cosin"},
        {"schedules", ""},
        {"schedules", "cosine:final=2", "--format", "json"},
        {"schedules", "cosine", "--learning-rate", "0", "--format", "json"},
        {"schedules", "cosine", "--learning-rate", "nan"},
        {"schedules", "cosine", "--epochs", "0", "--format", "csv"},
        {"schedules", "cosine", "--epochs", "-1"},
        {"schedules", "cosine", "--steps-per-epoch", "0"},
        {"schedules", "cosine", "--every", "-3"},
        {"schedules", "cosine", "--format", "yaml"},
        {"train", "--schedule", "cosine:fnial=1"},
        {"train", "--schedule", "cosine then constant"}}) {
    const Outcome outcome = tool(words);
    EXPECT_EQ(outcome.status, 2) << testing::PrintToString(words) << outcome.err;
    EXPECT_EQ(outcome.out, "") << testing::PrintToString(words);
    EXPECT_LE(std::ranges::count(outcome.err, '\n'), 3) << outcome.err;
  }
  EXPECT_NE(tool({"train", "--schedule", "cosine:final=2"}).err.find("final of cosine is 2"),
            std::string::npos);
}

TEST(Schedules, ARecordThatCannotBeReadIsNamedWithStatusThreeBeforeARunBegins) {
  const Tool tool;
  (void)tool.scratch().file("cut.jsonl", "{\"step\":1,\"rate\":0.5}\n{\"step\":2,\"ra");
  (void)tool.scratch().file("empty.csv", "");
  for (const char* command : {"train", "schedules"})
    for (const auto& [file, place] : {std::pair{"cut.jsonl", "cut.jsonl: row 2"},
                                      {"empty.csv", "empty.csv: is empty"},
                                      {"none.csv", "none.csv"}}) {
      const std::string text = std::string("replay:file=") + file;
      const Outcome outcome = std::string(command) == "train"
                                  ? tool({"train", "--schedule", text, "-o", "run"})
                                  : tool({"schedules", text});
      EXPECT_EQ(outcome.status, 3) << outcome.err;
      EXPECT_NE(outcome.err.find(place), std::string::npos) << outcome.err;
    }
  EXPECT_FALSE(std::filesystem::exists(tool.scratch() / "run"));
}

TEST(Train, AScheduleIsSaidRecordedAndRepeatedFromTheConfiguration) {
  const Tool tool;
  const Outcome said =
      tool({"train", tool.small_set(), "--epochs", "4", "-b", "100", "--learning-rate", "0.01",
            "--schedule", "warmup:steps=20 then staircase:at=1/2,factor=0.5", "-o", "a"});
  ASSERT_EQ(said.status, 0) << said.err;
  const std::string text = "warmup:start=0,steps=20 then staircase:at=1/2,factor=0.5";
  EXPECT_NE(said.err.find("learning rate 0.01, " + text), std::string::npos) << said.err;
  const json first = json::parse(content(tool.scratch() / "a" / "summary.json"));
  EXPECT_EQ(first["configuration"]["schedule"], text);
  EXPECT_NE(content(tool.scratch() / "a" / "run.toml").find("schedule = \"" + text + "\""),
            std::string::npos);
  const json again = tool.train({"--config", "a/run.toml", "-o", "b"});
  EXPECT_EQ(again["weights_hash"], first["weights_hash"]);
  const std::vector<double> rates = rates_of(tool.scratch() / "a");
  ASSERT_EQ(rates.size(), 108U);
  EXPECT_EQ(rates[0], 0.01 * (1.0 / 20));
  EXPECT_EQ(rates[19], 0.01);
  EXPECT_EQ(rates[46], 0.01);
  EXPECT_EQ(rates[47], 0.005);
  EXPECT_EQ(rates[107], 0.0025);
  EXPECT_EQ(rates_of(tool.scratch() / "b"), rates);
}

TEST(Train, ARunIsReplayedFromItsOwnHistoryAndTheReplayFromAnywhere) {
  const Tool tool;
  const std::string set = tool.small_set();
  const json first = tool.train({set, "--epochs", "3", "-b", "64", "--schedule", "cosine",
                                 "--optimizer", "heavy-ball", "-o", "a"});
  const json again =
      tool.train({set, "--epochs", "3", "-b", "64", "--schedule", "replay:file=a/history.jsonl",
                  "--optimizer", "heavy-ball", "-o", "b"});
  EXPECT_EQ(again["weights_hash"], first["weights_hash"]);
  EXPECT_EQ(rates_of(tool.scratch() / "b"), rates_of(tool.scratch() / "a"));
  const std::string path = (tool.scratch() / "a" / "history.jsonl").string();
  EXPECT_NE(content(tool.scratch() / "b" / "run.toml").find("replay:file=" + path),
            std::string::npos);
  const Outcome csv = tool({"schedules", "replay:file=b/history.jsonl", "--epochs", "3",
                            "--steps-per-epoch", "43", "--format", "csv"});
  (void)tool.scratch().file("rates.csv", csv.out);
  const json from_table =
      tool.train({set, "--epochs", "3", "-b", "64", "--schedule", "replay:file=rates.csv",
                  "--optimizer", "heavy-ball", "-o", "c"});
  EXPECT_EQ(from_table["weights_hash"], first["weights_hash"]);
}

}  // namespace
}  // namespace fallline::test
