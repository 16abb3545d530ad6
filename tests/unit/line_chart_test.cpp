#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fallline/error.hpp>
#include <fallline/line_chart.hpp>
#include <filesystem>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "support/refusal.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

LineChart chart_of(const std::vector<double>& y, const std::string& name = "y") {
  LineChart chart({.title = "a title",
                   .x_name = "t",
                   .x_first = 1,
                   .x_last = static_cast<double>(std::max<std::size_t>(y.size(), 1))});
  chart.begin_line(name);
  for (std::size_t i = 0; i < y.size(); ++i) chart.add(static_cast<double>(i + 1), y[i]);
  return chart;
}

TEST(LineChart, SaysInWordsWhatItShows) {
  const std::string svg = chart_of({3, 9, 5}, "loss").svg();
  EXPECT_TRUE(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  EXPECT_NE(svg.find("<title>a title</title>"), std::string::npos);
  EXPECT_NE(svg.find("loss: 3 points from 3 to 9, the last 5."), std::string::npos) << svg;
}

TEST(LineChart, EveryLineHasAColourAndDashesOfItsOwn) {
  LineChart chart({.x_first = 1, .x_last = 2});
  constexpr int lines = 20;
  for (int i = 0; i < lines; ++i) chart.begin_line("line");
  const std::string svg = chart.svg();
  std::set<std::string> pens;
  for (std::size_t at = svg.find("stroke=\"#", svg.find("<g fill=\"none\""));
       at != std::string::npos; at = svg.find("stroke=\"#", at + 1))
    pens.insert(svg.substr(at, svg.find(" d=", at) - at));
  EXPECT_EQ(pens.size(), lines);
}

TEST(LineChart, NamesCannotBreakTheMarkup) {
  const std::string svg = chart_of({1, 2}, "<b>&\"\x01\xFF\xC0\xAF</b>").svg();
  EXPECT_EQ(svg.find("<b>"), std::string::npos);
  EXPECT_NE(svg.find("&lt;b&gt;&amp;&quot;"), std::string::npos);
  EXPECT_EQ(svg.find('\x01'), std::string::npos);
  EXPECT_EQ(svg.find('\xFF'), std::string::npos);
  EXPECT_NE(chart_of({1}, std::string(1000, 'x')).svg().find("xxx…</text>"), std::string::npos);
}

TEST(LineChart, AGapEndsALineAndAPointAloneIsADot) {
  const double gap = std::nan("");
  const std::string whole = chart_of({1, 2, 3, 4}).svg();
  const std::string parted = chart_of({1, gap, 3, 4}).svg();
  EXPECT_EQ(count(parted, "h0M") + count(parted, "h0\""), 1U) << parted;
  EXPECT_EQ(count(whole, "h0"), 0U);
  EXPECT_EQ(count(chart_of({7}).svg(), "h0\""), 1U);
}

TEST(LineChart, NoSeriesMakesAnythingButFiniteCoordinates) {
  constexpr double most = std::numeric_limits<double>::max();
  const double gap = std::nan("");
  for (const std::vector<double>& y : std::vector<std::vector<double>>{
           {}, {gap}, {0}, {most, -most}, {5e-324, 0}, {1, 1, 1}, {HUGE_VAL, 1}}) {
    const std::string svg = chart_of(y).svg();
    EXPECT_EQ(svg.find("nan"), std::string::npos) << svg;
    EXPECT_EQ(svg.find("inf"), std::string::npos) << svg;
  }
}

TEST(LineChart, AMillionPointsMakeASmallPictureWithTheirExtremesInIt) {
  std::vector<double> y(1'000'000);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = std::sin(static_cast<double>(i));
  y[543'210] = 50;
  const std::string svg = chart_of(y).svg();
  EXPECT_LT(svg.size(), 64'000U);
  EXPECT_NE(svg.find("1000000 points from -1 to 50"), std::string::npos);
}

TEST(LineChart, OnLogarithmicAxesAProportionIsAStraightLineAndZeroAGap) {
  LineChart chart({.x_first = 10, .x_last = 1000, .logarithmic = true});
  chart.begin_line("cost");
  for (const double x : {10., 100., 1000.}) chart.add(x, 3 * x);
  const std::string svg = chart.svg();
  const std::size_t path = svg.find("<path stroke=\"#0072B2\"");
  double x[3];
  double y[3];
  ASSERT_EQ(std::sscanf(svg.c_str() + svg.find(" d=\"M", path), " d=\"M%lf,%lf %lf,%lf %lf,%lf",
                        &x[0], &y[0], &x[1], &y[1], &x[2], &y[2]),
            6)
      << svg;
  EXPECT_NEAR(x[1], (x[0] + x[2]) / 2, 0.11);
  EXPECT_NEAR(y[1], (y[0] + y[2]) / 2, 0.11);
  chart.add(1000, 0);
  EXPECT_NE(chart.svg().find("3 points from 30 to 3000"), std::string::npos);
  EXPECT_THROW(chart.add(0, 1), Error);
  EXPECT_THROW(LineChart({.x_first = 0, .x_last = 1, .logarithmic = true}), Error);
}

TEST(LineChart, IsWrittenWhole) {
  const test::Scratch scratch;
  const LineChart chart = chart_of({1, 2});
  chart.write(scratch / "chart.svg");
  EXPECT_EQ(test::content(scratch / "chart.svg"), chart.svg());
  EXPECT_EQ(test::refusal([&] { return chart.write(scratch / "no" / "chart.svg"), 0; }).kind(),
            ErrorKind::output);
}

TEST(LineChart, AMisuseIsNamed) {
  LineChart chart({.x_first = 0, .x_last = 1});
  EXPECT_THROW(chart.add(0, 0), Error);
  chart.begin_line("y");
  EXPECT_THROW(chart.add(std::nan(""), 0), Error);
  EXPECT_THROW(LineChart({.x_first = 1, .x_last = 0}), Error);
}

}  // namespace
}  // namespace fallline
