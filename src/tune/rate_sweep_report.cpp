#include <fallline/tune/rate_sweep.hpp>

#include "tune/json.hpp"

namespace fallline::tune {
namespace {

Json figures(const Measure& m) {
  return {
      {"loss", number(m.loss)}, {"objective", number(m.objective())}, {"accuracy", m.accuracy()}};
}

Json json_of(const SweptRate& r) {
  Json json{{"rate", r.rate}};
  json.update(figures(r.measure));
  json["verdict"] = name_of(r.verdict);
  return json;
}

Json json_of(const RateTrial& t) {
  return {
      {"rate", t.rate}, {"loss", number(t.loss)}, {"accuracy", t.accuracy}, {"epochs", t.epochs}};
}

}  // namespace

std::string json(const RateSweep& sweep) {
  Json json{{"kind", "sweep-lr"},
            {"version", report_version},
            {"mode", "step"},
            {"start", figures(sweep.start)}};
  json["start"]["gradient_norm"] = sweep.start.gradient_norm;
  json["start"]["examples"] = sweep.start.examples;
  json["rates"] = Json::array();
  for (const SweptRate& rate : sweep.rates) json["rates"].push_back(json_of(rate));
  json["lowest_rate"] = sweep.lowest ? Json(sweep.rates[*sweep.lowest].rate) : Json();
  json["trials"] = Json::array();
  for (const RateTrial& trial : sweep.trials) json["trials"].push_back(json_of(trial));
  json["suggested_rate"] = number(sweep.suggestion);
  json["reason"] = sweep.reason;
  json["interrupted"] = sweep.interrupted;
  return indented(json);
}

LineChart chart(const RateSweep& sweep) {
  LineChart chart({.title = "the objective after a single step on all examples",
                   .x_name = "learning rate",
                   .x_first = sweep.rates.front().rate,
                   .x_last = sweep.rates.back().rate,
                   .logarithmic = true});
  chart.begin_line("before the step", LineChart::Style::background);
  for (const SweptRate& r : sweep.rates) chart.add(r.rate, sweep.start.objective());
  chart.begin_line("after it");
  for (const SweptRate& r : sweep.rates) chart.add(r.rate, r.measure.objective());
  return chart;
}

}  // namespace fallline::tune
