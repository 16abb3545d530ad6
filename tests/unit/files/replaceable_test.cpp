#include <gtest/gtest.h>

#include <fallline/error.hpp>
#include <fallline/line_chart.hpp>
#include <fallline/report/document.hpp>
#include <fallline/report/report.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

std::string chart_text() {
  LineChart chart({.title = "losses", .x_name = "step"});
  chart.begin_line("loss");
  chart.add(0, 1);
  chart.add(1, 0);
  return chart.svg();
}

struct Place {
  const char* name;
  std::function<void(const std::filesystem::path&)> require;
  std::string own;  ///< what it may replace
};

const std::vector<Place>& places() {
  static const std::vector<Place> all{
      {"document", [](const auto& file) { require_document_place(file, {"sweep-lr"}); },
       "{\n  \"kind\": \"sweep-lr\",\n  \"version\": 1}\n"},
      {"report", [](const auto& file) { require_report_place(file); },
       "<!doctype html>\n<html lang=\"en\">\n<title>fallline report</title>\n"},
      {"chart", [](const auto& file) { LineChart::require_place(file); }, chart_text()}};
  return all;
}

TEST(Replaceable, AWriterReplacesItsOwnAndWhatIsEmptyAndNothingElse) {
  for (const Place& place : places()) {
    SCOPED_TRACE(place.name);
    const test::Scratch scratch;
    place.require(scratch / "new");
    place.require(scratch.file("empty", ""));
    place.require(scratch.file("own", place.own));
    for (const Place& other : places()) {
      if (other.name == place.name) continue;
      EXPECT_EQ(
          test::refusal([&] { return place.require(scratch.file("a", other.own)), 0; }).kind(),
          ErrorKind::output)
          << other.name;
    }
    for (const char* text :
         {"precious", "{}", "{\"kind\": \"gradcheck\"}", "{\"a\": {\"kind\": \"sweep-lr\"}}",
          "{\"kind\": \"sweep-lr", "<!doctype html>\n<title>mine</title>", "<svg></svg>\n",
          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><title>t</title>\n",
          " "}) {
      const auto file = scratch.file("theirs", text);
      EXPECT_EQ(test::refusal([&] { return place.require(file), 0; }).kind(), ErrorKind::output)
          << text;
      EXPECT_EQ(test::content(file), text);
    }
  }
}

TEST(Replaceable, APlaceThatCannotBeWrittenIsKnownBeforehand) {
  for (const Place& place : places()) {
    const test::Scratch scratch;
    for (const auto& file : {scratch / "no" / "such" / "file", scratch.path(),
                             scratch / std::string(256, 'n'), std::filesystem::path("/dev/null")})
      EXPECT_EQ(test::refusal([&] { return place.require(file), 0; }).kind(), ErrorKind::output)
          << place.name << file;
    EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
  }
}

TEST(Replaceable, TheNamesOfARunsOwnFilesAreNoNamesForResults) {
  const test::Scratch scratch;
  for (const Place& place : places())
    for (const char* name : {"run.toml", "history.jsonl", "epochs.jsonl", "templates.png",
                             "model.safetensors", "summary.json"})
      EXPECT_EQ(test::refusal([&] { return place.require(scratch / name), 0; }).kind(),
                ErrorKind::output)
          << place.name << ' ' << name;
}

}  // namespace
}  // namespace fallline
