#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fallline/error.hpp>
#include <fallline/report/report.hpp>
#include <nlohmann/json.hpp>

#include "support/datasets.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

using nlohmann::json;

class ReportFile : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_report_page()) GTEST_SKIP() << "this library was built without the page";
  }

  [[nodiscard]] std::filesystem::path run(const std::string& name,
                                          const std::string& history) const {
    (void)scratch.file(name + "/run.toml", "loss = \"softmax\"\n");
    (void)scratch.file(name + "/history.jsonl", history);
    return scratch / name;
  }

  /// The data in a report.
  [[nodiscard]] static json data_in(const std::filesystem::path& file) {
    const std::string html = test::content(file);
    const std::string head = R"(<script type="application/json" id="data">)";
    const std::size_t begin = html.find(head) + head.size();
    return json::parse(html.substr(begin, html.find('<', begin) - begin), nullptr, false);
  }

  test::Scratch scratch;
  Workers workers{1};
};

TEST_F(ReportFile, HoldsTheRunAndNothingThatTextCouldEscapeThrough) {
  const std::string nasty = "</script><img src=x onerror=alert(1)><!--";
  const ReportRun shown{.directory = run("a", "{\"step\":1,\"loss\":2.5}\n"),
                        .examples = {},
                        .part = {},
                        .notes = {nasty}};
  const auto file = scratch / "report.html";
  const Report report = write_report({&shown, 1}, file, workers);
  EXPECT_EQ(report.bytes, std::filesystem::file_size(file));
  const std::string html = test::content(file);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(html.find("@FALLLINE_DATA@"), std::string::npos);
  EXPECT_NE(html.find("Content-Security-Policy"), std::string::npos);
  const json data = data_in(file);
  ASSERT_TRUE(data.is_object());
  EXPECT_EQ(data["runs"][0]["notes"][0], nasty);
  EXPECT_EQ(data["runs"][0]["configuration"], "loss = \"softmax\"\n");
  EXPECT_EQ(data["runs"][0]["history"]["series"][0]["value"][0], 2.5);
  EXPECT_EQ(report.notes.size(), 2U) << "the caller's, and that there is no summary";
}

TEST_F(ReportFile, ResultsBesideARunAreTakenOnceAlsoWhereTheyAreNamed) {
  const ReportRun shown{.directory = run("a", ""), .examples = {}, .part = {}, .notes = {}};
  const auto inside = scratch.file("a/landscape.json", R"({"kind":"landscape"})");
  const auto outside = scratch.file("elsewhere.json", R"({"kind":"gradcheck"})");
  const Report report =
      write_report({&shown, 1}, scratch / "r.html", workers, {.documents = {inside, outside}});
  EXPECT_EQ(report.documents, (std::vector<std::string>{"landscape", "gradcheck"}));
  const json data = data_in(scratch / "r.html");
  EXPECT_EQ(data["documents"][0]["run"], 0);
  EXPECT_TRUE(data["documents"][1]["run"].is_null());
}

TEST_F(ReportFile, WhatIsNoRunIsRefusedAndNoFileIsLeft) {
  const auto refused = [&](const std::filesystem::path& directory) {
    const ReportRun shown{.directory = directory, .examples = {}, .part = {}, .notes = {}};
    return test::refusal([&] { return write_report({&shown, 1}, scratch / "r.html", workers); });
  };
  std::filesystem::create_directory(scratch / "empty");
  EXPECT_EQ(refused(scratch / "empty").kind(), ErrorKind::bad_input);
  EXPECT_EQ(refused(scratch / "nowhere").kind(), ErrorKind::bad_input);
  (void)scratch.file("bad/summary.json", "{");
  EXPECT_EQ(refused(scratch / "bad").kind(), ErrorKind::bad_input);
  EXPECT_FALSE(std::filesystem::exists(scratch / "r.html"));
  EXPECT_EQ(test::refusal([&] { return write_report({}, scratch / "r.html", workers); }).kind(),
            ErrorKind::usage);
}

TEST_F(ReportFile, TheConfusionOfVeryManyClassesIsLeftOutWithANote) {
  const auto written = [&](std::size_t classes) {
    const json part{
        {"confusion", std::vector<std::vector<int>>(classes, std::vector<int>(classes))}};
    (void)scratch.file("c/summary.json", json{{"test", part}}.dump());
    const ReportRun shown{.directory = scratch / "c", .examples = {}, .part = {}, .notes = {}};
    (void)write_report({&shown, 1}, scratch / "r.html", workers);
    return data_in(scratch / "r.html")["runs"][0];
  };
  EXPECT_EQ(written(256)["summary"]["test"]["confusion"].size(), 256U);
  const json many = written(257);
  EXPECT_FALSE(many["summary"]["test"].contains("confusion"));
  EXPECT_NE(many["notes"][0].get<std::string>().find("257 classes"), std::string::npos);
}

TEST_F(ReportFile, AMillionStepsMakeASmallFile) {
  std::string history;
  for (int i = 1; i <= 1'000'000; ++i)
    history += fmt::format("{{\"step\":{},\"loss\":{},\"gradient_norm\":0.5}}\n", i, i % 7);
  const ReportRun shown{.directory = run("long", history), .examples = {}, .part = {}, .notes = {}};
  const Report report = write_report({&shown, 1}, scratch / "r.html", workers);
  EXPECT_LT(report.bytes, 3'000'000U);
  const json columns = data_in(scratch / "r.html")["runs"][0]["history"];
  EXPECT_EQ(columns["lines"], 1'000'000);
  EXPECT_EQ(columns["block"], 500);
  EXPECT_EQ(columns["series"][0]["low"].size(), 2000U);
}

}  // namespace
}  // namespace fallline
