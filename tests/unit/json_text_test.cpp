#include "json_text.hpp"

#include <gtest/gtest.h>

#include "ordered_json.hpp"
#include "support/hostile.hpp"
#include "support/refusal.hpp"

namespace fallline {
namespace {

Json parsed(std::string_view text, std::uint64_t memory_limit = 0) {
  return parse_json<Json>(text, {.file = "x.json"}, ordered_bounds, memory_limit);
}

std::string times(std::string_view text, std::size_t n) {
  std::string all;
  while (n-- > 0) all += text;
  return all;
}

TEST(JsonText, EveryTextAndNumberReadsBackFromWhatTheLibraryWrites) {
  Json all = Json::array();
  for (const std::string& text : test::hostile_texts()) all.push_back(text);
  for (const double value : test::extreme_numbers()) all.push_back(value);
  all.push_back(std::uint64_t{18446744073709551615U});
  EXPECT_EQ(parsed(compact(all)), all);
  EXPECT_EQ(parsed(indented(all)), all);
}

TEST(JsonText, WhatIsNotUtf8IsWrittenAsUtf8) {
  for (const std::string& text : test::not_utf8()) {
    const Json read = parsed(compact(Json{{"name", text}}));
    EXPECT_TRUE(read.is_object()) << "no JSON";
  }
}

TEST(JsonText, WhatIsNoJsonIsOfNoType) {
  for (const char* text : {"", "{", "[1,]", "nul", "'a'", "{\"a\":1}}", "[1e999]", "\"\xFF\"",
                           "// comment\n1", "]", "}{", "\"\\"})
    EXPECT_TRUE(parsed(text).is_discarded()) << text;
}

TEST(JsonText, DepthIsBoundedBeforeAnythingIsMadeOfIt) {
  const auto nested = [](std::size_t n) { return times("[", n) + times("]", n); };
  EXPECT_TRUE(parsed(nested(64)).is_array());
  for (const std::string& text : {nested(65), nested(10'000'000), times("[", 10'000'000),
                                  times("{\"a\":", 1'000'000), times("[{\"a\":", 1'000'000)}) {
    const Error error = test::refusal([&] { return parsed(text); });
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_NE(std::string(error.what()).find("64 levels"), std::string::npos) << error.what();
    EXPECT_TRUE(error.where().byte.has_value());
  }
  // Brackets in texts are none.
  EXPECT_TRUE(parsed("\"" + times("[", 1000) + "\\\"" + times("{", 1000) + "\"").is_string());
  EXPECT_TRUE(parsed("[" + times("[],", 1000) + "[]]").is_array()) << "side by side";
}

TEST(JsonText, AnObjectOfMillionsOfKeysIsRefused) {
  std::string text = "{";
  for (int i = 0; i < 300'000; ++i) text += "\"" + std::to_string(i) + "\":0,";
  text += "\"last\":0}";
  EXPECT_EQ(test::refusal([&] { return parsed(text); }).kind(), ErrorKind::bad_input);
  EXPECT_EQ(parse_json<nlohmann::json>(text, {.file = "x"}).size(), 300'001U) << "sorted";
}

TEST(JsonText, MemoryIsAskedForWhatTheTextWouldBecome) {
  const std::string empties = "[" + times("[],", 100'000) + "[]]";
  EXPECT_EQ(test::refusal([&] { return parsed(empties, 2 * empties.size() + 1000); }).kind(),
            ErrorKind::not_enough_memory);
  EXPECT_TRUE(parsed(empties, 100'000'000).is_array());
}

}  // namespace
}  // namespace fallline
