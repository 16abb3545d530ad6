// Whatever a text holds, `parse_series` ends with values or with a fallline::Error; and what it
// gives can be averaged and drawn.

#include <cstdint>
#include <cstdlib>
#include <fallline/data/series.hpp>
#include <fallline/error.hpp>
#include <fallline/line_chart.hpp>
#include <fallline/optim/ewma.hpp>
#include <string_view>

namespace {

using namespace fallline;

void look_at(const Series& series) {
  if (series.values.empty()) std::abort();
  Ewma average(0.9);
  LineChart chart(
      {.title = series.name, .x_first = 1, .x_last = static_cast<double>(series.values.size())});
  chart.begin_line(series.name);
  for (std::size_t t = 0; t < series.values.size(); ++t) {
    average.add(series.values[t]);
    chart.add(static_cast<double>(t + 1), average.corrected());
  }
  if (!chart.svg().ends_with("</svg>\n")) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  // An odd length skips missing values, so that both ways are walked.
  const SeriesOptions options{.skip_missing = size % 2 == 1,
                              .memory_limit = std::uint64_t{64} << 20};
  try {
    look_at(parse_series({reinterpret_cast<const char*>(bytes), size}, "input.partial", options));
  } catch (const Error& error) {
    if (std::string_view(error.what()).empty()) std::abort();
  }
  return 0;
}
