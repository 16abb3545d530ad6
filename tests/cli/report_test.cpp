#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tool.hpp"

namespace fallline::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Without Node.js at build time there is no page; then the command must say so.
class ReportCommand : public testing::Test {
 protected:
  void SetUp() override {
    (void)tool.scratch().file("probe/run.toml", "");
    const Outcome outcome = tool({"report", "probe"});
    if (outcome.status == 0) return;
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.err.find("Node.js 18"), std::string::npos) << outcome.err;
    GTEST_SKIP() << "this program was built without the page";
  }

  /// The data of a report in the scratch directory.
  [[nodiscard]] json data_in(const std::string& file) const {
    const std::string html = content(tool.scratch() / file);
    const std::string head = R"(<script type="application/json" id="data">)";
    const std::size_t begin = html.find(head) + head.size();
    return json::parse(html.substr(begin, html.find('<', begin) - begin), nullptr, false);
  }

  Tool tool;
};

TEST_F(ReportCommand, LiesInTheRunWithItsTemplatesMistakesAndWhatWasMeasured) {
  const std::string set = tool.small_set();
  const json run = tool.train({set, "--epochs", "3", "-o", "run"});
  ASSERT_EQ(tool({"sweep", "lr", set, "--from", "1e-5", "--to", "1e-2", "--trial-epochs", "0",
                  "--output", "run/sweep-lr.json"})
                .status,
            0);
  ASSERT_EQ(tool({"gradcheck", set, "--coordinates", "50", "--output", "elsewhere.json"}).status,
            0);
  const Outcome outcome = tool({"report", "run", "--with", "elsewhere.json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("run/report.html"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.err, "");
  const json data = data_in("run/report.html");
  ASSERT_TRUE(data.is_object());
  const json& shown = data["runs"][0];
  EXPECT_EQ(shown["summary"], run);
  EXPECT_EQ(shown["history"]["lines"], run["steps"]);
  EXPECT_EQ(shown["epochs"]["lines"], 3);
  EXPECT_EQ(shown["templates"].size(), 10U);
  EXPECT_EQ(shown["mistakes"]["part"], "test");
  EXPECT_EQ(shown["mistakes"]["examples"], 500);
  EXPECT_EQ(shown["mistakes"]["surest"].size(), 12U);
  EXPECT_TRUE(
      shown["mistakes"]["surest"][0]["image"].get<std::string>().starts_with("data:image/png"));
  ASSERT_EQ(data["documents"].size(), 2U);
  EXPECT_EQ(data["documents"][0]["kind"], "sweep-lr");
  EXPECT_EQ(data["documents"][1]["kind"], "gradcheck");
}

TEST_F(ReportCommand, SeveralRunsGoIntoOneFile) {
  const std::string set = tool.small_set();
  (void)tool.train({set, "--epochs", "2", "-o", "a"});
  (void)tool.train({set, "--epochs", "2", "--loss", "hinge", "-o", "b"});
  const Outcome outcome =
      tool({"report", "a", "b", "-o", "both.html", "--no-data", "--format", "json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json told = json::parse(outcome.out, nullptr, false);
  EXPECT_EQ(told["report"], "both.html");
  EXPECT_EQ(told["bytes"], fs::file_size(tool.scratch() / "both.html"));
  const json data = data_in("both.html");
  EXPECT_EQ(data["runs"].size(), 2U);
  EXPECT_FALSE(data["runs"][0].contains("mistakes"));
}

TEST_F(ReportCommand, DataThatAreGoneLeaveOutTheMistakesAndSayWhy) {
  (void)tool.train({tool.small_set(), "--epochs", "1", "-o", "run"});
  fs::remove_all(tool.scratch() / "small");
  const Outcome outcome = tool({"report", "run"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("the data cannot be read"), std::string::npos) << outcome.err;
  const json run = data_in("run/report.html")["runs"][0];
  EXPECT_FALSE(run.contains("mistakes"));
  EXPECT_EQ(run["templates"].size(), 10U);
  EXPECT_EQ(run["notes"].size(), 1U);
}

TEST_F(ReportCommand, WrongUseIsAnsweredInALine) {
  EXPECT_EQ(tool({"report"}).status, 2);
  const Outcome nowhere = tool({"report", "nowhere"});
  EXPECT_EQ(nowhere.status, 3);
  EXPECT_NE(nowhere.err.find("nowhere"), std::string::npos) << nowhere.err;
  (void)tool.scratch().file("x.json", "{}");
  EXPECT_EQ(tool({"report", "probe", "--with", "x.json"}).status, 3);
  EXPECT_EQ(tool({"report", "probe", "-o", "no/such/place.html"}).status, 1);
}

TEST_F(ReportCommand, AHostileDocumentIsLeftOutWithANoteAndAHostileRunIsRefused) {
  (void)tool.train({tool.small_set(), "--epochs", "2", "-o", "run"});
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  (void)tool.scratch().file("run/deep.json",
                            R"({"kind":"landscape","version":1,"x":)" + deep + "}");
  const Outcome outcome = tool({"report", "run"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("deep.json is left out"), std::string::npos) << outcome.err;
  for (const char* file : {"summary.json", "history.jsonl", "epochs.jsonl"}) {
    (void)tool.scratch().file("bad/run.toml", "");
    (void)tool.scratch().file(std::string("bad/") + file, R"({"x":)" + deep + "}\n");
    const Outcome refused = tool({"report", "bad"});
    EXPECT_EQ(refused.status, 3) << file << refused.err;
    EXPECT_NE(refused.err.find(file), std::string::npos) << refused.err;
    std::filesystem::remove_all(tool.scratch() / "bad");
  }
}

TEST_F(ReportCommand, ASearchIsARunToo) {
  ASSERT_EQ(tool({"search", "all", tool.small_set(), "--tries", "10", "-o", "s", "--output",
                  "s/random/search.json"})
                .status,
            0);
  const Outcome outcome = tool({"report", "s/random", "s/local", "s/gradient"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json data = data_in("s/random/report.html");
  EXPECT_EQ(data["runs"].size(), 3U);
  EXPECT_EQ(data["documents"][0]["content"]["searches"].size(), 3U);
}

}  // namespace
}  // namespace fallline::test
