#include "report/text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace fallline::report {
namespace {

TEST(ReportText, NothingInAStringCanEndTheScriptOrOpenMarkup) {
  const std::string nasty =
      "</script><script>alert(1)</script> <!-- <b>&amp;</b> ]]> \u2028\u2029 \"quoted\" \\";
  const Json json{{nasty, nasty}};
  const std::string text = for_html(json);
  for (const char c : text) {
    EXPECT_GE(c, ' ');
    EXPECT_LT(c, 127) << "pure ASCII";
  }
  EXPECT_EQ(text.find_first_of("<>&"), std::string::npos) << text;
  EXPECT_EQ(Json::parse(text), json) << "and it is the same text once it is read";
}

TEST(ReportText, BytesThatAreNoUtf8DoNotStopTheReport) {
  const std::string text = for_html(Json{{"name", "caf\xe9"}});
  EXPECT_EQ(Json::parse(text)["name"], "caf\ufffd");
}

// RFC 4648, section 10.
TEST(ReportText, Base64HasTheVectorsOfItsRfc) {
  const char* const vectors[][2] = {{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors)
    EXPECT_EQ(data_uri("text/plain", plain), std::string("data:text/plain;base64,") + coded);
  EXPECT_EQ(data_uri("x/y", "\xff\xfe\xfd"), "data:x/y;base64,//79");
}

TEST(ReportText, LongListsHaveSevenDigitsAndAllElseIsLeftAsItIs) {
  const double third = 1.0 / 3;
  Json json{{"long", std::vector<double>(64, third)}, {"short", {third}}, {"alone", third}};
  json["nested"] = Json::array({std::vector<double>(64, third)});
  shorten(json);
  EXPECT_EQ(json["long"][63], 0.3333333);
  EXPECT_EQ(json["nested"][0][0], 0.3333333);
  EXPECT_EQ(json["short"][0], third);
  EXPECT_EQ(json["alone"], third);
  EXPECT_TRUE(seven_digits(std::numeric_limits<double>::infinity()).is_null());
  EXPECT_TRUE(seven_digits(std::nan("")).is_null());
}

}  // namespace
}  // namespace fallline::report
