#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <fallline/data/series.hpp>
#include <fallline/error.hpp>
#include <fallline/line_chart.hpp>
#include <fallline/memory.hpp>
#include <fallline/optim/ewma.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "command.hpp"
#include "console.hpp"
#include "narration.hpp"
#include "streams.hpp"

namespace fallline::tool {
namespace {

struct SmoothArguments {
  Common common;
  std::string file;
  SeriesOptions series;
  std::vector<double> betas{0.5, 0.9, 0.98};
  std::string plot;
  bool header = false;
  bool no_header = false;
  bool no_correction = false;
  bool both = false;
};

/// An average as it is printed: with or without correction.
struct Column {
  Ewma average;
  bool corrected;

  double next(double value) {
    average.add(value);
    if (average.count() == 0) return std::nan("");
    return corrected ? average.corrected() : average.value();
  }
  [[nodiscard]] const char* kind() const { return corrected ? "corrected" : "ewma"; }
};

/// Every column of the table, at its start.
std::vector<Column> columns_of(const SmoothArguments& a) {
  std::vector<Column> columns;
  for (const double beta : a.betas) {
    if (a.both || a.no_correction) columns.push_back({Ewma(beta), false});
    if (!a.no_correction) columns.push_back({Ewma(beta), true});
  }
  return columns;
}

/// A number, or `missing` where there is none.
std::string figure(double value, const char* missing) {
  return std::isfinite(value) ? fmt::format("{}", value) : missing;
}

std::string json_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void print_text(const Series& series, std::vector<Column> columns) {
  constexpr std::size_t width = 20;
  const auto cell = [](double v) { return std::isfinite(v) ? fmt::format("{:.6g}", v) : "-"; };
  fmt::print("{:>9} {:>12}", "t", "value");
  for (const Column& c : columns)
    fmt::print(" {:>{}}",
               fmt::format("{} {} ({:.4g})", c.kind(), c.average.beta(), c.average.window()),
               width);
  fmt::print("\n");
  for (std::size_t t = 0; t < series.values.size(); ++t) {
    fmt::print("{:>9} {:>12}", t + 1, cell(series.values[t]));
    for (Column& c : columns) fmt::print(" {:>{}}", cell(c.next(series.values[t])), width);
    fmt::print("\n");
  }
}

void print_csv(const Series& series, std::vector<Column> columns) {
  fmt::print("t,value");
  for (const Column& c : columns) fmt::print(",{}_{}", c.kind(), c.average.beta());
  fmt::print("\n");
  for (std::size_t t = 0; t < series.values.size(); ++t) {
    fmt::print("{},{}", t + 1, figure(series.values[t], ""));
    for (Column& c : columns) fmt::print(",{}", figure(c.next(series.values[t]), ""));
    fmt::print("\n");
  }
}

template <class Next>
void print_json_numbers(const Series& series, Next next) {
  const char* separator = "";
  fmt::print("[");
  for (const double value : series.values)
    fmt::print("{}{}", std::exchange(separator, ","), figure(next(value), "null"));
  fmt::print("]");
}

void print_json(const Series& series, std::vector<Column> columns) {
  fmt::print("{{\n  \"file\": {},\n  \"series\": {},\n  \"missing\": {},\n  \"values\": ",
             json_text(series.file), json_text(series.name), series.missing);
  print_json_numbers(series, [](double value) { return value; });
  fmt::print(",\n  \"averages\": [");
  const char* separator = "\n";
  for (Column& c : columns) {
    // A window is a whole number for every beta that people write: 12 digits, and no rounding.
    fmt::print("{}    {{\"beta\": {}, \"window\": {:.12g}, \"corrected\": {}, \"values\": ",
               std::exchange(separator, ",\n"), c.average.beta(), c.average.window(), c.corrected);
    print_json_numbers(series, [&c](double value) { return c.next(value); });
    fmt::print("}}");
  }
  fmt::print("\n  ]\n}}\n");
}

void plot(const Series& series, std::vector<Column> columns, const std::string& path) {
  const std::string name = series.name.empty() ? "value" : series.name;
  LineChart chart({.title = name + " and its moving averages",
                   .x_name = "t",
                   .x_first = 1,
                   .x_last = static_cast<double>(series.values.size())});
  const auto draw = [&](auto next) {
    for (std::size_t t = 0; t < series.values.size(); ++t)
      chart.add(static_cast<double>(t + 1), next(series.values[t]));
  };
  chart.begin_line(name, LineChart::Style::background);
  draw([](double value) { return value; });
  for (Column& c : columns) {
    chart.begin_line(fmt::format("β {} (about {:.4g}){}", c.average.beta(), c.average.window(),
                                 c.corrected ? "" : ", uncorrected"));
    draw([&c](double value) { return c.next(value); });
  }
  chart.write(path);
}

/// Everything on standard input, as far as there is memory for it.
std::string standard_input(std::uint64_t memory_limit) {
  std::string text;
  std::array<char, 1 << 16> piece{};
  while (const std::size_t read = std::fread(piece.data(), 1, piece.size(), stdin)) {
    require_memory(text.size() + read, memory_limit, "standard input", "allow more memory");
    text.append(piece.data(), read);
  }
  if (std::ferror(stdin) != 0)
    throw bad_input({.file = "standard input"}, "cannot be read to its end");
  return text;
}

Series read(SmoothArguments& a) {
  if (a.header || a.no_header) a.series.header = a.header;
  a.series.memory_limit = a.common.memory;
  if (a.file != "-") return read_series(a.file, a.series);
  return parse_series(standard_input(a.common.memory), "standard input", a.series);
}

void narrate_series(const Series& series, bool quiet) {
  if (quiet) return;
  tell("series   {}{}: {} values\n", series.file,
       series.name.empty() ? "" : ", '" + series.name + "'", series.values.size());
  narrate(series.notes, quiet);
  tell(
      "average  v = beta v + (1-beta) x, over about 1/(1-beta) values; corrected: "
      "v/(1-beta^t)\n");
}

int run(SmoothArguments& a) {
  const std::vector<Column> columns = columns_of(a);
  require_chart(a.plot);
  const Series series = read(a);
  narrate_series(series, a.common.quiet);
  const bool all = deliver({[&] {
                              if (!a.plot.empty()) plot(series, columns, a.plot);
                            },
                            [&] {
                              if (a.common.format == "json") print_json(series, columns);
                              if (a.common.format == "csv") print_csv(series, columns);
                              if (a.common.format == "text") print_text(series, columns);
                            }});
  return all ? Exit::success : Exit::failure;
}

}  // namespace

void add_smooth(CLI::App& program, int& status) {
  auto a = std::make_shared<SmoothArguments>();
  CLI::App* app = program.add_subcommand(
      "smooth", "Exponentially weighted moving averages of a series of numbers");
  app->add_option("file", a->file, "Table of text, JSON lines or run directory; -: standard input")
      ->required()
      ->check([](const std::string& path) { return std::string(path.empty() ? "is empty" : ""); });
  app->add_option("--beta", a->betas, "Weights of the past, each from 0 to less than 1")
      ->delimiter(',')
      ->allow_extra_args(false);
  auto* none = app->add_flag("--no-correction", a->no_correction, "Averages that start at 0");
  app->add_flag("--both", a->both, "With and without correction, side by side")->excludes(none);
  app->add_option("--plot", a->plot, "Draw the series and its averages into FILE.svg")
      ->check([](const std::string& path) {
        return std::string(path.ends_with(".svg") ? "" : "is an SVG picture: name it FILE.svg");
      });
  app->add_option("--column", a->series.column,
                  "Name or number of the column, key of JSON lines; else the last column with "
                  "numbers, the key loss")
      ->group("Reading");
  auto* header = app->add_flag("--header", a->header, "The first row holds names");
  header->group("Reading");
  app->add_flag("--no-header", a->no_header, "The first row holds values")
      ->group("Reading")
      ->excludes(header);
  app->add_flag("--skip-missing", a->series.skip_missing,
                "Pass over cells that are empty, ?, NA, N/A, null or NaN")
      ->group("Reading");
  add_common(*app, a->common);
  app->callback([a, &status] { status = run(*a); });
}

}  // namespace fallline::tool
