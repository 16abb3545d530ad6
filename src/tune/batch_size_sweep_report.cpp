#include <fmt/format.h>

#include <algorithm>
#include <fallline/tune/batch_size_sweep.hpp>
#include <set>

#include "tune/json.hpp"

namespace fallline::tune {
namespace {

Json json_of(const BatchSizeFigures& f) {
  return {{"batch_size", f.size},
          {"learning_rate", f.learning_rate},
          {"runs", f.runs},
          {"examples_per_second", json_of(f.examples_per_second)},
          {"seconds", json_of(f.seconds)},
          {"loss_after_epochs", json_of(f.loss_after_epochs)},
          {"loss_after_seconds", json_of(f.loss_after_seconds)},
          {"accuracy", json_of(f.accuracy)}};
}

Json json_of(const BatchSizeRun& r) {
  Json json{{"batch_size", r.size},
            {"seed", r.seed},
            {"learning_rate", r.learning_rate},
            {"examples_per_second", r.examples_per_second},
            {"seconds", r.seconds},
            {"loss", number(r.loss)},
            {"accuracy", r.accuracy},
            {"curve", Json::array()}};
  for (const LossCurve::Point& p : r.curve.points())
    json["curve"].push_back({{"seconds", p.seconds}, {"loss", number(p.loss)}});
  return json;
}

}  // namespace

std::string json(const BatchSizeSweep& sweep) {
  Json json{{"kind", "sweep-batch-size"}, {"version", report_version},
            {"epochs", sweep.epochs},     {"seconds", number(sweep.seconds)},
            {"sizes", Json::array()},     {"runs", Json::array()}};
  for (const BatchSizeFigures& f : sweep.sizes) json["sizes"].push_back(json_of(f));
  for (const BatchSizeRun& r : sweep.runs) json["runs"].push_back(json_of(r));
  json["suggested_batch_size"] = sweep.suggestion ? Json(*sweep.suggestion) : Json();
  json["reason"] = sweep.reason;
  json["interrupted"] = sweep.interrupted;
  return indented(json);
}

LineChart chart(const BatchSizeSweep& sweep) {
  double last = 0;
  for (const BatchSizeRun& run : sweep.runs) last = std::max(last, run.seconds);
  LineChart chart({.title = fmt::format("loss over {} epochs of each batch size", sweep.epochs),
                   .x_name = "seconds of steps",
                   .x_last = last});
  std::set<std::size_t> drawn;  // the first seed's
  for (const BatchSizeRun& run : sweep.runs) {
    if (!drawn.insert(run.size).second) continue;
    chart.begin_line(fmt::format("batch {}", run.size));
    for (const LossCurve::Point& p : run.curve.points()) chart.add(p.seconds, p.loss);
  }
  return chart;
}

}  // namespace fallline::tune
