#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace fallline {

/// Lines over one horizontal axis, as an SVG picture with ticks and a legend.
///
/// Lines differ in colour and in dashes, in colours that people who see few of them tell apart
/// (Okabe and Ito, 2008); for those who see none there are a title and a description in words. A
/// line keeps at most four points a pixel column (first, last, lowest, highest), so that it takes
/// the same memory and looks the same whatever the number of its points (M4: Jugel et al., 2014).
///
///     LineChart chart({.title = "loss", .x_name = "step", .x_first = 1, .x_last = 500});
///     chart.begin_line("batch", LineChart::Style::background);
///     for (…) chart.add(step, loss);
///     chart.write("loss.svg");
class LineChart {
 public:
  struct Frame {
    std::string title;
    std::string x_name;
    double x_first = 0;
    double x_last = 1;
    bool logarithmic = false;  ///< both axes; a y that is not above 0 is a gap
  };
  enum class Style : std::uint8_t {
    background,  ///< faint: what the others are drawn over
    foreground,
  };

  /// @throws Error(usage) unless x_first ≤ x_last, both finite, and above 0 where logarithmic.
  explicit LineChart(Frame frame);
  ~LineChart();
  LineChart(LineChart&&) noexcept;
  LineChart& operator=(LineChart&&) noexcept;

  /// Lines are drawn in this order, each over those before it.
  void begin_line(std::string name, Style style = Style::foreground);

  /// A point of the line begun last, from left to right. A y that is not finite is a gap.
  /// @throws Error(usage) where no line was begun, or x cannot lie on the axis.
  void add(double x, double y);

  /// The picture. What XML cannot hold is replaced in names.
  [[nodiscard]] std::string svg() const;

  /// Writes it; the file appears when it is complete. @throws Error(output)
  void write(const std::filesystem::path& path) const;

  /// To be asked before the work: can a file be created there, and is one that is there a chart as
  /// this class writes them, by its first tags? @throws Error(output)
  static void require_place(const std::filesystem::path& path);

 private:
  struct Contents;
  std::unique_ptr<Contents> contents_;
};

}  // namespace fallline
