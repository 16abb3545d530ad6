#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>
#include <string>

#include "tool.hpp"

namespace fallline::test {
namespace {

using nlohmann::json;

const std::string temperatures = FALLLINE_EXAMPLES "/data/temperatures.csv";

json smooth(const Tool& tool, std::vector<std::string> words) {
  words.insert(words.begin(), "smooth");
  words.insert(words.end(), {"--format", "json", "-q"});
  const Outcome outcome = tool(std::move(words));
  EXPECT_EQ(outcome.err, "");
  return json::parse(outcome.out, nullptr, false);
}

TEST(Smooth, TheTemperaturesHaveTheFiguresOfTheCourse) {
  const Tool tool;
  const json result = smooth(tool, {temperatures, "--beta", "0.98", "--both"});
  const double first = result["values"][0];
  const double second = result["values"][1];
  EXPECT_EQ(first, 40);
  ASSERT_EQ(result["values"].size(), 365U);
  ASSERT_EQ(result["averages"].size(), 2U);
  const json& plain = result["averages"][0];
  const json& corrected = result["averages"][1];
  EXPECT_EQ(plain["corrected"], false);
  EXPECT_EQ(corrected["corrected"], true);
  EXPECT_EQ(plain["window"], 50);
  EXPECT_NEAR(plain["values"][0].get<double>(), 0.8, 1e-15);
  EXPECT_NEAR(corrected["values"][0].get<double>(), 40, 1e-13);
  EXPECT_NEAR(plain["values"][1].get<double>(), 0.0196 * first + 0.02 * second, 1e-14);
  EXPECT_NEAR(corrected["values"][1].get<double>(), (0.0196 * first + 0.02 * second) / 0.0396,
              1e-12);
  // 0.98^365 = 0.00063: the correction has faded.
  const double last = plain["values"][364];
  EXPECT_NEAR(corrected["values"][364].get<double>() / last, 1, 0.001);
}

TEST(Smooth, TheTemperaturesFollowTheirFormula) {
  std::ifstream in(temperatures);
  std::string line;
  std::getline(in, line);
  const auto fraction = [](double x) { return x - std::floor(x); };
  for (int d = 1; d <= 365; ++d) {
    ASSERT_TRUE(std::getline(in, line)) << d;
    const double square = d * d;
    const double noise = fraction(square * std::sqrt(2)) + fraction(square * std::sqrt(3)) +
                         fraction(square * std::sqrt(5)) - 1.5;
    const double expected =
        53.5 - 13 * std::cos(2 * std::numbers::pi * (d - 20) / 365) + 10 * noise;
    ASSERT_NEAR(std::stod(line.substr(line.find(',') + 1)), expected, 0.0501) << line;
  }
}

TEST(Smooth, TextAndCsvHaveARowAValueAndTheHeaderNamesTheWindows) {
  const Tool tool;
  const Outcome text = tool({"smooth", temperatures});
  ASSERT_EQ(text.status, 0) << text.err;
  EXPECT_EQ(std::ranges::count(text.out, '\n'), 366);
  const std::string header = text.out.substr(0, text.out.find('\n'));
  for (const char* column :
       {" t ", "value", "corrected 0.5 (2)", "corrected 0.9 (10)", "corrected 0.98 (50)"})
    EXPECT_NE(header.find(column), std::string::npos) << header;
  std::istringstream row(text.out.substr(header.size()));
  for (const double expected : {1.0, 40.0, 40.0, 40.0, 40.0}) {
    double cell = 0;
    EXPECT_TRUE(row >> cell);
    EXPECT_EQ(cell, expected);
  }
  EXPECT_NE(text.err.find("column 2, 'temperature', the last with numbers"), std::string::npos);
  const Outcome csv = tool(
      {"smooth", temperatures, "--beta", "0.5,0.75", "--no-correction", "--format", "csv", "-q"});
  EXPECT_TRUE(csv.out.starts_with("t,value,ewma_0.5,ewma_0.75\n1,40,20,10\n")) << csv.out;
  EXPECT_EQ(csv.err, "");
}

TEST(Smooth, WithoutCorrectionAnAverageBeginsNearZero) {
  const Tool tool;
  const json result = smooth(tool, {temperatures, "--beta", "0.9", "--no-correction"});
  ASSERT_EQ(result["averages"].size(), 1U);
  EXPECT_NEAR(result["averages"][0]["values"][0].get<double>(), 4, 1e-14);
}

TEST(Smooth, ARunIsSmoothedFromItsDirectory) {
  const Tool tool;
  (void)tool.train({tool.small_set(), "--epochs", "3", "-o", "run"});
  const json result = smooth(tool, {"run", "--beta", "0.9"});
  EXPECT_EQ(result["series"], "loss");
  std::ifstream history(tool.scratch() / "run" / "history.jsonl");
  std::string line;
  for (const json& value : result["values"]) {
    ASSERT_TRUE(std::getline(history, line));
    EXPECT_EQ(value, json::parse(line)["loss"]);
  }
  EXPECT_FALSE(std::getline(history, line));
  const json norms = smooth(tool, {"run/history.jsonl", "--column", "gradient_norm"});
  EXPECT_EQ(norms["values"].size(), result["values"].size());
}

TEST(Smooth, ADivergedRunIsSmoothedAsFarAsItsLossIsFinite) {
  const Tool tool;
  (void)tool.scratch().file("history.jsonl",
                            "{\"loss\":4}\n{\"loss\":null,\"finite\":false}\n{\"loss\":8}\n");
  const json result = smooth(tool, {"history.jsonl", "--beta", "0.5"});
  EXPECT_EQ(result["missing"], 1);
  EXPECT_TRUE(result["values"][1].is_null());
  EXPECT_NEAR(result["averages"][0]["values"][1].get<double>(), 4, 1e-14);
  EXPECT_NEAR(result["averages"][0]["values"][2].get<double>(), (0.25 * 4 + 0.5 * 8) / 0.75, 1e-14);
}

TEST(Smooth, StandardInputIsASeriesToo) {
  const Tool tool;
  const std::string command =
      "printf '1\\n2\\n' | " FALLLINE_TOOL " smooth - --beta 0 --format csv -q";
  const Outcome outcome = Process(tool.scratch().path(), {"/bin/sh", "-c", command}).wait();
  EXPECT_EQ(outcome.out, "t,value,corrected_0\n1,1,1\n2,2,2\n");
  const std::string empty = FALLLINE_TOOL " smooth - < /dev/null";
  EXPECT_EQ(Process(tool.scratch().path(), {"/bin/sh", "-c", empty}).wait().status, 3);
}

TEST(Smooth, ThePlotHasTheSeriesAndALineForEachBeta) {
  const Tool tool;
  const Outcome outcome = tool({"smooth", temperatures, "--plot", "t.svg"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const std::string svg = content(tool.scratch() / "t.svg");
  for (const char* part :
       {"<svg ", "<title>temperature and its moving averages</title>", "temperature: 365 points",
        "β 0.5 (about 2)", "β 0.9 (about 10)", "β 0.98 (about 50)", "</svg>"})
    EXPECT_NE(svg.find(part), std::string::npos) << part;
  EXPECT_EQ(tool({"smooth", temperatures, "--plot", "t.png"}).status, 2);
  EXPECT_EQ(tool({"smooth", temperatures, "--plot", "no/where.svg"}).status, 1);
}

TEST(Smooth, ACellThatIsNoNumberIsNamedWithStatusThree) {
  const Tool tool;
  (void)tool.scratch().file("bad.csv", "date,temperature\n2025-01-01,40\n2025-01-02,warm\n");
  const Outcome outcome = tool({"smooth", "bad.csv"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("bad.csv: row 3, column 2: 'warm' is not a number\n  "),
            std::string::npos)
      << outcome.err;
  (void)tool.scratch().file("gap.csv", "t\n40\nNA\n42\n");
  EXPECT_EQ(tool({"smooth", "gap.csv"}).status, 3);
  const Outcome skipped =
      tool({"smooth", "gap.csv", "--skip-missing", "--beta", "0.5", "--format", "csv", "-q"});
  EXPECT_TRUE(skipped.out.starts_with("t,value,corrected_0.5\n1,40,40\n2,,40\n3,42,41.3"))
      << skipped.out;
}

TEST(Smooth, AnythingElseThatIsWrongHasItsStatusAndAtMostTwoLines) {
  const Tool tool;
  (void)tool.scratch().file("empty", "");
  (void)tool.scratch().file("one", "1\n");
  const auto status = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "smooth");
    const Outcome outcome = tool(words);
    EXPECT_LE(std::ranges::count(outcome.err, '\n'), 3) << outcome.err;
    return outcome.status;
  };
  for (const char* file : {"empty", "not-there", "."}) EXPECT_EQ(status({file}), 3) << file;
  for (const char* beta : {"1", "-0.1", "nan", "a", "0.5,2"})
    EXPECT_EQ(status({"one", "--beta", beta}), 2) << beta;
  EXPECT_EQ(status({"one", "--column", "2"}), 2);
  EXPECT_EQ(status({"one", "--both", "--no-correction"}), 2);
  EXPECT_EQ(status({}), 2);
  EXPECT_EQ(status({""}), 2) << "an unset variable of the shell";
  EXPECT_EQ(status({"--beta", "0.5", "one", "-q"}), 0) << "the file may follow the option";
}

}  // namespace
}  // namespace fallline::test
