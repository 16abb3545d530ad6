#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/line_chart.hpp>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "chart/axis.hpp"
#include "chart/thinned_line.hpp"
#include "chart/xml_text.hpp"
#include "files/atomic_file.hpp"
#include "files/replaceable.hpp"

namespace fallline {
namespace {

// The picture, in pixels.
constexpr int width = 960;
constexpr int left = 72;
constexpr int right = 700;
constexpr int top = 48;
constexpr int bottom = 430;
constexpr int below = 50;
constexpr int legend = right + 24;
constexpr int legend_step = 22;
constexpr std::size_t longest_name = 28;
constexpr std::size_t longest_title = 100;

// Each line has its own pair: the counts have no common factor.
constexpr std::array colours{"#0072B2", "#D55E00", "#009E73", "#882255", "#000000"};
constexpr std::array dashes{"", "9 7", "2 6", "14 6 2 6"};
constexpr const char* faint = R"(stroke="#8C8C8C" stroke-opacity="0.7" stroke-width="1")";

using chart::Axis;
using chart::xml_text;

double across(const Axis& axis, double x) { return left + axis.share(x) * (right - left); }
double down(const Axis& axis, double y) { return bottom - axis.share(y) * (bottom - top); }

/// Collects the picture's text.
class Svg {
 public:
  template <class... Arguments>
  void add(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Arguments>(arguments)...);
  }
  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  std::string text_;
};

void draw_axes(Svg& svg, const Axis& x, const Axis& y, const std::string& x_name) {
  constexpr int x_ticks = 8;
  constexpr int y_ticks = 6;
  svg.add("<g fill=\"#333\">\n");
  for (const chart::Tick& tick : y.ticks(y_ticks))
    svg.add(
        "<path stroke=\"#DDD\" d=\"M{},{:.1f}H{}\"/>"
        "<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
        left, down(y, tick.value), right, left - 8, down(y, tick.value) + 4, tick.label);
  for (const chart::Tick& tick : x.ticks(x_ticks))
    svg.add(
        "<path stroke=\"#333\" d=\"M{:.1f},{}v5\"/>"
        "<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
        across(x, tick.value), bottom, across(x, tick.value), bottom + 20, tick.label);
  svg.add("<path fill=\"none\" stroke=\"#333\" d=\"M{},{}V{}H{}\"/>\n", left, top, bottom, right);
  svg.add("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n</g>\n", (left + right) / 2,
          bottom + 42, xml_text(x_name, longest_name));
}

void draw_points(Svg& svg, const Axis& x, const Axis& y, const chart::ThinnedLine& points) {
  for (const auto& piece : points.pieces()) {
    const char* command = "M";
    for (const chart::Point& point : piece)
      svg.add("{}{:.1f},{:.1f}", std::exchange(command, " "), across(x, point.x), down(y, point.y));
    if (piece.size() == 1) svg.add("h0");  // a dot
  }
}

}  // namespace

struct LineChart::Contents {
  struct Line {
    std::string name;
    std::string pen;
    chart::ThinnedLine points;
  };

  Frame frame;
  Axis x;
  std::vector<Line> lines;
  std::size_t foreground_lines = 0;

  [[nodiscard]] std::string pen(Style style) {
    if (style == Style::background) return faint;
    const std::size_t number = foreground_lines++;
    return fmt::format(R"(stroke="{}" stroke-width="2" stroke-dasharray="{}")",
                       colours[number % colours.size()], dashes[number % dashes.size()]);
  }

  [[nodiscard]] Axis y() const {
    constexpr double padding = 0.04;
    std::vector<double> ends;
    for (const Line& line : lines)
      if (line.points.count() > 0)
        ends.insert(ends.end(), {line.points.least(), line.points.greatest()});
    if (ends.empty()) return {};
    const auto [least, greatest] = std::ranges::minmax(ends);
    if (frame.logarithmic) return Axis::over_decades(least, greatest, padding);
    return Axis::over(least, greatest, padding);
  }

  void draw_head(Svg& svg) const {
    const std::string title = xml_text(frame.title, longest_title);
    const int height =
        std::max(bottom + below, top + legend_step * static_cast<int>(lines.size() + 1));
    svg.add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "height=\"{1}\" role=\"img\" aria-label=\"{2}\" font-family=\"sans-serif\" "
        "font-size=\"13\">\n<title>{2}</title>\n",
        width, height, title);
    svg.add("<desc>{} lines over {} from {:g} to {:g}.", lines.size(),
            xml_text(frame.x_name, longest_name), frame.x_first, frame.x_last);
    for (const Line& line : lines)
      svg.add(" {}: {} points from {:.4g} to {:.4g}, the last {:.4g}.",
              xml_text(line.name, longest_name), line.points.count(), line.points.least(),
              line.points.greatest(), line.points.last());
    svg.add(
        "</desc>\n<rect width=\"100%\" height=\"100%\" fill=\"#FFF\"/>\n"
        "<text x=\"{}\" y=\"{}\" font-size=\"15\" fill=\"#333\">{}</text>\n",
        left, top - 20, title);
  }

  void draw_lines(Svg& svg) const {
    const Axis upright = y();
    svg.add("<g fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n");
    for (const Line& line : lines) {
      svg.add("<path {} d=\"", line.pen);
      draw_points(svg, x, upright, line.points);
      svg.add("\"/>\n");
    }
    svg.add("</g>\n");
  }

  void draw_legend(Svg& svg) const {
    int row = top + 12;
    for (const Line& line : lines) {
      svg.add("<path {} d=\"M{},{}h36\"/><text x=\"{}\" y=\"{}\" fill=\"#333\">{}</text>\n",
              line.pen, legend, row, legend + 44, row + 4, xml_text(line.name, longest_name));
      row += legend_step;
    }
  }
};

LineChart::LineChart(Frame frame) : contents_(std::make_unique<Contents>()) {
  if (!std::isfinite(frame.x_first) || !std::isfinite(frame.x_last) ||
      frame.x_first > frame.x_last || (frame.logarithmic && frame.x_first <= 0))
    throw usage_error(fmt::format("a chart cannot go from {} to {}", frame.x_first, frame.x_last));
  contents_->x = frame.logarithmic ? Axis::over_decades(frame.x_first, frame.x_last, 0)
                                   : Axis::over(frame.x_first, frame.x_last, 0);
  contents_->frame = std::move(frame);
}

LineChart::~LineChart() = default;
LineChart::LineChart(LineChart&&) noexcept = default;
LineChart& LineChart::operator=(LineChart&&) noexcept = default;

void LineChart::begin_line(std::string name, Style style) {
  contents_->lines.push_back({.name = std::move(name), .pen = contents_->pen(style), .points = {}});
}

void LineChart::add(double x, double y) {
  if (contents_->lines.empty()) throw usage_error("a point was given before a line was begun");
  const bool logarithmic = contents_->frame.logarithmic;
  if (!std::isfinite(x) || (logarithmic && x <= 0))
    throw usage_error(fmt::format("a point cannot lie at {}", x));
  if (logarithmic && y <= 0) y = std::nan("");
  const double column = std::clamp(across(contents_->x, x), double{left}, double{right});
  contents_->lines.back().points.add({.x = x, .y = y}, static_cast<std::size_t>(column));
}

std::string LineChart::svg() const {
  Svg svg;
  contents_->draw_head(svg);
  draw_axes(svg, contents_->x, contents_->y(), contents_->frame.x_name);
  contents_->draw_lines(svg);
  contents_->draw_legend(svg);
  svg.add("</svg>\n");
  return std::move(svg).take();
}

void LineChart::require_place(const std::filesystem::path& path) {
  require_replaceable(path, "an earlier chart", [](std::string_view head) {
    const std::size_t end_of_title = head.find("</title>\n<desc>");
    return head.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ") &&
           end_of_title != std::string_view::npos &&
           head.find(" lines over ", end_of_title) != std::string_view::npos;
  });
}

void LineChart::write(const std::filesystem::path& path) const { write_file(path, svg()); }

}  // namespace fallline
