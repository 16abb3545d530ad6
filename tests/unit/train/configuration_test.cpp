#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fallline/error.hpp>
#include <fallline/train/configuration.hpp>
#include <limits>

#include "support/hostile.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

Configuration read_back(const Configuration& configuration) {
  return parse_configuration(toml_text(configuration), "run.toml");
}

std::string problem_of(const std::string& text) {
  const Error error = test::refusal([&] { return parse_configuration(text, "run.toml"); });
  EXPECT_EQ(error.kind(), ErrorKind::bad_input) << text.substr(0, 60);
  EXPECT_EQ(error.where().file, "run.toml");
  return error.what();
}

TEST(Configuration, EveryTextReadsBackToTheByteInItsPlace) {
  Configuration written{.title = "a title\nwith = \"a line break\"", .entries = {}};
  std::vector<std::string> texts = test::hostile_texts();
  texts.emplace_back("a\0b", 3);
  for (const std::string& text : test::not_utf8()) texts.push_back(text);
  for (const std::string& text : texts)
    written.entries.push_back(
        {.key = "z" + std::to_string(1000 - written.entries.size()), .value = text});
  const std::string toml = toml_text(written);
  EXPECT_EQ(std::ranges::count(toml, '\n'), std::ptrdiff_t(texts.size()) + 1) << "a line each";
  const Configuration read = parse_configuration(toml, "run.toml");
  ASSERT_EQ(read.entries.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(read.entries[i].key, written.entries[i].key);
    EXPECT_EQ(std::get<std::string>(read.entries[i].value), texts[i]) << i;
    EXPECT_EQ(read.entries[i].line, i + 2);
  }
}

TEST(Configuration, EveryNumberReadsBackToTheBitAndAsWhatItIs) {
  Configuration written;
  const auto add = [&](ConfigurationValue value) {
    written.entries.push_back(
        {.key = "k" + std::to_string(written.entries.size()), .value = std::move(value)});
  };
  for (const double value : test::extreme_numbers()) add(value);
  add(std::numeric_limits<double>::infinity());
  add(-std::numeric_limits<double>::infinity());
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{-1}, (std::int64_t{1} << 53) + 1,
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()})
    add(value);
  add(true);
  add(false);
  const Configuration read = read_back(written);
  EXPECT_EQ(read.entries, written.entries);
  EXPECT_TRUE(std::signbit(std::get<double>(read.entries[1].value))) << "-0.0";
  const Configuration nan =
      read_back({.title = {}, .entries = {{.key = "k", .value = std::nan("")}}});
  EXPECT_TRUE(std::isnan(std::get<double>(nan.entries[0].value)));
}

TEST(Configuration, IsTheTomlThatAPersonWouldWrite) {
  const Configuration configuration{.title = "a run",
                                    .entries = {{.key = "loss", .value = "hinge"},
                                                {.key = "lr", .value = 0.1},
                                                {.key = "delta", .value = 1.0},
                                                {.key = "seed", .value = std::int64_t{7}},
                                                {.key = "header", .value = true},
                                                {.key = "data", .value = "caf\xE9 50 %"}}};
  EXPECT_EQ(toml_text(configuration),
            "# a run\nloss = \"hinge\"\nlr = 0.1\ndelta = 1.0\nseed = 7\nheader = true\n"
            "data = {percent-encoded = \"caf%E9 50 %25\"}\n");
  EXPECT_EQ(text_of(0.1), "0.1");
  EXPECT_EQ(text_of(1.0), "1");
  EXPECT_EQ(text_of(std::int64_t{-3}), "-3");
  EXPECT_EQ(text_of(true), "true");
  EXPECT_EQ(text_of(std::string("007")), "007");
}

TEST(Configuration, WhatIsNoKeyIsNotWritten) {
  for (const char* key : {"", "a b", "a.b", "a=", "\"a\"", "\xC3\xA9"})
    EXPECT_EQ(test::refusal([&] {
                return toml_text({.title = {}, .entries = {{.key = key, .value = 1.0}}});
              }).kind(),
              ErrorKind::usage);
  EXPECT_EQ(
      test::refusal([&] {
        return toml_text(
            {.title = {}, .entries = {{.key = "a", .value = 1.0}, {.key = "a", .value = 2.0}}});
      }).kind(),
      ErrorKind::usage);
}

TEST(Configuration, ANumberThatDoesNotFitIsRefusedWithItsLine) {
  for (const char* number : {"18446744073709551616", "9223372036854775808", "-9223372036854775809",
                             "1e999", "-1e999", "1e-999", "0.0000001e-400"})
    EXPECT_NE(
        problem_of(std::string("# one\nloss = \"hinge\"\nx = ") + number + "\n").find("row 3"),
        std::string::npos)
        << number;
  EXPECT_EQ(std::get<double>(parse_configuration("x = 0e-999", "t").entries[0].value), 0);
}

TEST(Configuration, WhatIsNoFlatTomlIsRefusedWithItsLine) {
  for (const char* line : {"loss = hinge",
                           "loss",
                           "x = [1, 2]",
                           "[train]",
                           "a.b = 1",
                           "x = {}",
                           "x = {percent-encoded = \"%z\"}",
                           "x = {percent-encoded = 1}",
                           "x = 1979-05-27",
                           "x = \"a",
                           "x = 007",
                           "x = '\xFF'",
                           "first = 2",
                           "[+a]",
                           "x = 1'\xCC\xA7'",
                           "x = 1\x01",
                           "x = {+a = 1}",
                           "a.+b = 1",
                           "\xEF\xB3\xBF = 1",
                           "caf\xC3\xA9 = 1"})
    EXPECT_NE(problem_of(std::string("first = 1\n") + line + "\n").find("row 2"), std::string::npos)
        << line;
}

TEST(Configuration, NoTextMakesTheParserGoDeepOrTakeMuch) {
  const auto times = [](std::string_view text, std::size_t n) {
    std::string all;
    while (n-- > 0) all += text;
    return all;
  };
  for (const std::string& text :
       {times("a.", 100'000) + "a = 1", "x = " + times("[", 100'000),
        "x = " + times("{a=", 100'000), times("[a.", 100'000), times("[", 100'000),
        "x = {" + times("a.", 100'000), times("\"a\".", 100'000) + "a = 1",
        times("'a' . ", 100'000) + "a = 1"})
    (void)problem_of(text);
  EXPECT_EQ(parse_configuration("\xEF\xBB\xBFx = 'caf\xC3\xA9' # \xC3\xA9", "t").entries.size(), 1U)
      << "a mark, and characters where they may stand";
  // Dots and brackets within texts are none of that.
  EXPECT_EQ(parse_configuration("x = \"" + times("../[{", 1000) + "\" # " + times(".[", 99), "t")
                .entries.size(),
            1U);
}

TEST(Configuration, OfVersion01IsReadAsItWroteIt) {
  const Configuration read = parse_configuration(
      "# fallline 0.1.0; repeat with: fallline train --config run.toml\n"
      "data = \"/tmp/in#1/x.csv\"\r\n"
      "labels = '/tmp/a \"b\" it's/y.csv'\n"
      "test = \"C:\\new\\table\"\n"
      "seed = 18446744073709551615\n"
      "label-column = 007\n"
      "header = true\n"
      "loss = \"hinge\" # said by hand\n"
      "lr = 0.001  # too\n"
      "\n"
      "schedule = \"replay:file=/tmp/nl\nlr = 0.5/p\"\n"
      "name = \"caf\xE9\"\n"
      "empty = \"\"\n",
      "run.toml");
  const std::vector<std::pair<std::string, std::string>> expected{
      {"data", "/tmp/in#1/x.csv"},
      {"labels", "/tmp/a \"b\" it's/y.csv"},
      {"test", "C:\\new\\table"},
      {"seed", "18446744073709551615"},
      {"label-column", "007"},
      {"header", "true"},
      {"loss", "hinge"},
      {"lr", "0.001"},
      {"schedule", "replay:file=/tmp/nl\nlr = 0.5/p"},
      {"name", "caf\xE9"},
      {"empty", ""}};
  ASSERT_EQ(read.entries.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(read.entries[i].key, expected[i].first);
    EXPECT_EQ(std::get<std::string>(read.entries[i].value), expected[i].second);
  }
  EXPECT_EQ(read.entries.back().line, 14U) << "lines, not entries";
  for (const char* line : {"[train]", "no value", "= 3", "x = \"a\" b", "x = \"not closed"})
    EXPECT_NE(problem_of(std::string("# fallline 0.1.0; as it was\n") + line + "\nseed = 1\n")
                  .find("row 2"),
              std::string::npos)
        << line;
}

TEST(Configuration, OnlyARegularFileOfSomeSizeIsRead) {
  const test::Scratch scratch;
  const auto refused = [](const std::filesystem::path& file) {
    const Error error = test::refusal([&] { return read_configuration(file); });
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_EQ(error.where().file, file.string());
  };
  ASSERT_EQ(::mkfifo((scratch / "pipe").c_str(), 0600), 0);
  refused(scratch / "pipe");
  refused("/dev/zero");
  refused(scratch.path());
  refused(scratch / "absent");
  refused(scratch.file("long.toml", std::string(most_configuration_bytes + 1, '\n')));
  EXPECT_EQ(read_configuration(scratch.file("good.toml", "seed = 3\n")).entries.size(), 1U);
}

}  // namespace
}  // namespace fallline
