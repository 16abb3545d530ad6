#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fallline/bench/chart.hpp>
#include <fallline/error.hpp>
#include <map>
#include <set>

namespace fallline::bench {
namespace {

struct Quantity {
  std::string_view name;
  std::size_t Measurement::*value;
  bool work;  ///< that grows in proportion to it
};

constexpr Quantity quantities[] = {
    {"examples", &Measurement::examples, true},      {"features", &Measurement::features, true},
    {"classes", &Measurement::classes, true},        {"parameters", &Measurement::parameters, true},
    {"batch size", &Measurement::batch_size, false}, {"threads", &Measurement::threads, false}};

Error nothing_varies() {
  return usage_error("nothing that is measured varies, so there is nothing to draw it against",
                     "give a list of several, such as the examples 500,5000,50000");
}

/// The first quantity with two values; 0 is none.
const Quantity& varied(const Result& result) {
  for (const Quantity& q : quantities) {
    std::set<std::size_t> values;
    for (const Measurement& m : result.measurements)
      if (m.*q.value != 0) values.insert(m.*q.value);
    if (values.size() > 1) return q;
  }
  throw nothing_varies();
}

using Words = std::vector<std::string>;

/// What a measurement is, but for the quantity `x`; always as many words.
Words words_of(const Measurement& m, const Quantity& x) {
  Words words{std::string(name_of(m.subject)), m.optimizer, m.loss,
              std::string(name_of(m.instruction_set)), m.arithmetic};
  for (const Quantity& q : quantities) {
    const bool whole = q.value == &Measurement::batch_size && m.batch_size == m.examples;
    const std::size_t value = m.*q.value;
    words.push_back(q.value == x.value || value == 0 ? ""
                    : whole                          ? "full batch"
                                                     : fmt::format("{} {}", q.name, value));
  }
  return words;
}

using Points = std::map<std::size_t, double>;
using Lines = std::map<Words, Points>;

/// The words at which the lines agree, or those at which they differ.
std::string some_words(const Words& words, const Lines& lines, bool differing) {
  Words chosen;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool differs =
        std::ranges::any_of(lines, [&](const auto& line) { return line.first[i] != words[i]; });
    if (differs == differing && !words[i].empty()) chosen.push_back(words[i]);
  }
  return fmt::format("{}", fmt::join(chosen, ", "));
}

void draw(LineChart& chart, const std::string& name, const Points& points,
          LineChart::Style style = LineChart::Style::foreground) {
  chart.begin_line(name, style);
  for (const auto& [x, y] : points) chart.add(static_cast<double>(x), y);
}

/// From the last point back along a line through the origin.
Points proportional(const Points& points) {
  const auto [x_last, y_last] = *points.rbegin();
  Points line;
  for (const auto& [x, y] : points)
    line[x] = y_last * static_cast<double>(x) / static_cast<double>(x_last);
  return line;
}

}  // namespace

void require_varied(const Options& o) {
  const bool sets = o.measures(Subject::epoch) || o.measures(Subject::evaluation);
  const bool steps = o.measures(Subject::optimizers);
  const bool varied =
      (sets && std::max({o.examples.size(), o.features.size(), o.classes.size()}) > 1) ||
      (steps && o.parameters.size() > 1) || ((sets || steps) && o.threads.size() > 1) ||
      (o.measures(Subject::epoch) && o.batch_sizes.size() > 1);
  if (!varied) throw nothing_varies();
}

LineChart chart(const Result& result) {
  const Quantity& x = varied(result);
  Lines lines;
  std::set<std::size_t> values;
  for (const Measurement& m : result.measurements) {
    if (m.*x.value == 0) continue;
    lines[words_of(m, x)][m.*x.value] = m.seconds.median;
    values.insert(m.*x.value);
  }
  const auto& [words, points] = *lines.begin();
  LineChart chart({.title = fmt::format("seconds: {}", some_words(words, lines, false)),
                   .x_name = std::string(x.name),
                   .x_first = static_cast<double>(*values.begin()),
                   .x_last = static_cast<double>(*values.rbegin()),
                   .logarithmic = true});
  if (x.work) draw(chart, "in proportion", proportional(points), LineChart::Style::background);
  for (const auto& [of_line, at] : lines) {
    const std::string name = some_words(of_line, lines, true);
    draw(chart, name.empty() ? "seconds" : name, at);
  }
  return chart;
}

}  // namespace fallline::bench
