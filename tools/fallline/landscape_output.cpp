#include "landscape_output.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fallline::tool {
namespace {

using landscape::Slice;

/// Of many points some 25 are shown.
constexpr std::size_t shown_points = 25;
/// Breakpoints that are printed one by one.
constexpr std::size_t shown_breakpoints = 20;

std::string accuracy_of(const Slice& s, const Measure& m) {
  return s.accuracy ? fmt::format("{:>8.2f} %", 100 * m.accuracy()) : std::string();
}

void print_head(const Slice& s) {
  const Measure& m = s.centre;
  fmt::print("at a = {}   loss {:#.6g}   objective {:#.6g}  {}   {} examples\n",
             s.b.empty() ? "0" : "b = 0", m.loss, m.objective(), accuracy_of(s, m), s.examples);
  for (std::size_t i = 0; i < s.directions.size(); ++i)
    fmt::print("{}           {}; length {:.4g} ({})\n", i == 0 ? 'a' : 'b', s.directions[i].about,
               s.directions[i].norm(), name_of(s.directions[i].scaled));
}

void print_line(const Slice& s) {
  fmt::print("\n{:>10} {:>12} {:>12}{}\n", "a", "loss", "objective",
             s.accuracy ? "   accuracy" : "");
  const std::size_t every = std::max<std::size_t>(1, s.a.size() / shown_points);
  for (std::size_t i = 0; i < s.a.size(); ++i)
    if (i % every == 0 || i + 1 == s.a.size())
      fmt::print("{:>10.4g} {:>#12.6g} {:>#12.6g} {}\n", s.a[i], s.at(i).loss, s.at(i).objective(),
                 accuracy_of(s, s.at(i)));
}

void print_breakpoints(const landscape::PiecewiseLinear& line) {
  const auto& all = line.breakpoints();
  const auto lowest = line.minimum();
  fmt::print("\nbreakpoints {}; the loss is lowest at a = {:.6g}, where it is {:.6g}\n", all.size(),
             lowest.at, lowest.value);
  if (all.size() > shown_breakpoints) {
    fmt::print("{:12}--format json has some of them\n", "");
    return;
  }
  fmt::print("{:>10} {:>12} {:>12} {:>12}\n", "a", "loss", "slope before", "after");
  for (const auto& b : all)
    fmt::print("{:>10.6g} {:>12.6g} {:>12.6g} {:>12.6g}\n", b.at, b.value, b.slope_before,
               b.slope_after);
}

void print_steepest(const landscape::SteepestDescent& d) {
  fmt::print(
      "\nsteepest descent from a = {:g}, b = {:g}: objective {:.6g}, {:.3g} % of |g| in the "
      "plane\n",
      d.from.a, d.from.b, d.measure.objective(), 100 * d.share);
  if (d.steps.empty()) return;
  fmt::print("{:>11} {:>10} {:>10} {:>12}\n", "rate", "a", "b", "objective");
  for (const landscape::PlaneStep& step : d.steps)
    fmt::print("{:>11.4g} {:>10.4g} {:>10.4g} {:>#12.6g}  {}\n", step.rate, step.to.a, step.to.b,
               step.measure.objective(), tune::name_of(step.verdict));
}

void print_tail(const Slice& s) {
  if (const auto lowest = s.lowest())
    fmt::print("\nlowest      objective {:#.6g} at a = {:.4g}{}\n", lowest->measure.objective(),
               lowest->place.a,
               s.b.empty() ? std::string() : fmt::format(", b = {:.4g}", lowest->place.b));
  fmt::print("points      {} in {:.2f} s, {}\n", s.points.size(), s.seconds,
             s.method == landscape::PlaneMethod::scores ? "from the scores" : "directly");
  if (s.check)
    fmt::print(
        "check       {} points directly: at most {:.1e} apart; {:.3g} s a point, {:.3g} s "
        "for all\n",
        s.check->points, s.check->worst, s.check->seconds_a_point, s.check->seconds_all);
  for (const std::string& note : s.notes) fmt::print("note        {}\n", note);
}

void print_text(const Slice& s) {
  print_head(s);
  if (s.b.empty()) print_line(s);
  if (s.breakpoints) print_breakpoints(*s.breakpoints);
  if (s.steepest) print_steepest(*s.steepest);
  print_tail(s);
}

void print_csv(const Slice& s) {
  fmt::print("a,{}loss,objective{}\n", s.b.empty() ? "" : "b,", s.accuracy ? ",accuracy" : "");
  for (std::size_t j = 0; j < std::max<std::size_t>(1, s.b.size()); ++j)
    for (std::size_t i = 0; i < s.a.size(); ++i) {
      const Measure& m = s.at(i, j);
      fmt::print("{},{}{},{}{}\n", s.a[i], s.b.empty() ? std::string() : fmt::format("{},", s.b[j]),
                 m.loss, m.objective(),
                 s.accuracy ? fmt::format(",{}", m.accuracy()) : std::string());
    }
}

}  // namespace

void print_slice(const Slice& slice, const std::string& json, const std::string& format) {
  if (format == "json") fmt::print("{}", json);
  if (format == "csv") print_csv(slice);
  if (format == "text") print_text(slice);
}

}  // namespace fallline::tool
