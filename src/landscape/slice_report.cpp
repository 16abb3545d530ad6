#include <cmath>
#include <fallline/error.hpp>
#include <fallline/landscape/slice.hpp>

#include "landscape/json.hpp"

namespace fallline::landscape {
namespace {

/// Breakpoints that are printed: of more, these many evenly spaced in their order.
constexpr std::size_t most_shown = 500;

Json centre_json(const Slice& slice) {
  Json json{{"about", "the model's weights"},
            {"loss", number(slice.centre.loss)},
            {"objective", number(slice.centre.objective())}};
  if (slice.accuracy) json["accuracy"] = number(slice.centre.accuracy());
  return json;
}

Json direction_json(const Direction& d) {
  return {{"kind", name_of(d.kind)},
          {"about", d.about},
          {"norm", number(d.norm())},
          {"scaled", name_of(d.scaled)}};
}

std::vector<PiecewiseLinear::Breakpoint> shown_of(const PiecewiseLinear& line) {
  const auto& all = line.breakpoints();
  if (all.size() <= most_shown) return all;
  std::vector<PiecewiseLinear::Breakpoint> shown;
  for (std::size_t k = 0; k < most_shown; ++k)
    shown.push_back(all[k * (all.size() - 1) / (most_shown - 1)]);
  return shown;
}

Json breakpoints_json(const PiecewiseLinear& line) {
  using Breakpoint = PiecewiseLinear::Breakpoint;
  const std::vector<Breakpoint> shown = shown_of(line);
  const PiecewiseLinear::Minimum lowest = line.minimum();
  return {{"count", line.breakpoints().size()},
          {"a", column(shown, [](const Breakpoint& b) { return b.at; })},
          {"loss", column(shown, [](const Breakpoint& b) { return b.value; })},
          {"slope_before", column(shown, [](const Breakpoint& b) { return b.slope_before; })},
          {"slope_after", column(shown, [](const Breakpoint& b) { return b.slope_after; })},
          {"shown", shown.size()},
          {"minimum", {{"a", number(lowest.at)}, {"loss", number(lowest.value)}}}};
}

Json steepest_json(const SteepestDescent& d) {
  Json verdicts = Json::array();
  for (const PlaneStep& step : d.steps) verdicts.push_back(tune::name_of(step.verdict));
  return {
      {"a", number(d.from.a)},
      {"b", number(d.from.b)},
      {"objective", number(d.measure.objective())},
      {"gradient_norm", number(d.measure.gradient_norm)},
      {"share_in_plane", number(d.share)},
      {"steps",
       {{"rate", column(d.steps, [](const PlaneStep& s) { return s.rate; })},
        {"a", column(d.steps, [](const PlaneStep& s) { return s.to.a; })},
        {"b", column(d.steps, [](const PlaneStep& s) { return s.to.b; })},
        {"objective", column(d.steps, [](const PlaneStep& s) { return s.measure.objective(); })},
        {"verdict", verdicts}}}};
}

Json check_json(const SliceCheck& check) {
  return {{"points", check.points},
          {"worst_relative_difference", number(check.worst)},
          {"seconds_a_point", check.seconds_a_point},
          {"seconds_all_directly", check.seconds_all}};
}

void add_grid(Json& json, const Slice& slice) {
  const bool plane = !slice.b.empty();
  json["a"] = column(slice.a);
  if (plane) json["b"] = column(slice.b);
  json["loss"] = grid_json(slice.points, slice.a.size(), plane, loss_of);
  json["objective"] = grid_json(slice.points, slice.a.size(), plane, objective_of);
  if (slice.accuracy)
    json["accuracy"] = grid_json(slice.points, slice.a.size(), plane, accuracy_of);
}

}  // namespace

Json model_json(const Site& site, const Subject& subject) {
  const Classifier& model = site.model();
  return {{"run", subject.run},
          {"classes", site.data().classes()},
          {"features", site.data().features()},
          {"parameters", site.parameters()},
          {"architecture", site.model().network.text()},
          {"loss", name_of(model.loss.kind)},
          {"delta", model.loss.delta},
          {"l2", model.penalty.l2},
          {"l1", model.penalty.l1}};
}

Json data_json(const Site& site, const Subject& subject, std::size_t examples) {
  Json json{{"name", site.data().name()},
            {"part", subject.part},
            {"which", subject.which},
            {"examples", examples}};
  if (subject.which == "example") json["first_example"] = subject.first_example;
  return json;
}

std::string json(const Slice& slice, const Site& site, const Subject& subject) {
  Json json{{"kind", "landscape"},
            {"version", json_version},
            {"model", model_json(site, subject)},
            {"data", data_json(site, subject, slice.examples)},
            {"centre", centre_json(slice)},
            {"directions", Json::array()},
            {"method", slice.method == PlaneMethod::direct ? "direct" : "linear"}};
  for (const Direction& d : slice.directions) json["directions"].push_back(direction_json(d));
  add_grid(json, slice);
  if (slice.breakpoints) json["breakpoints"] = breakpoints_json(*slice.breakpoints);
  if (slice.steepest) json["steepest"] = steepest_json(*slice.steepest);
  if (slice.check) json["check"] = check_json(*slice.check);
  json["seconds"] = slice.seconds;
  json["interrupted"] = slice.interrupted;
  json["notes"] = slice.notes;
  return compact(json);
}

LineChart chart(const Slice& slice, const Site& site) {
  if (!slice.b.empty())
    throw usage_error("a chart shows a line", "give one direction; 'fallline report' draws planes");
  LineChart chart({.title = "the objective along " + slice.directions[0].about,
                   .x_name = "a",
                   .x_first = slice.a.front(),
                   .x_last = slice.a.back()});
  if (!site.model().penalty.none()) {
    chart.begin_line("loss", LineChart::Style::background);
    for (std::size_t i = 0; i < slice.a.size(); ++i) chart.add(slice.a[i], slice.at(i).loss);
  }
  chart.begin_line("objective");
  for (std::size_t i = 0; i < slice.a.size(); ++i) chart.add(slice.a[i], slice.at(i).objective());
  return chart;
}

}  // namespace fallline::landscape
