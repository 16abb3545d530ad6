#include <fallline/bench/bench.hpp>

#include "ordered_json.hpp"

namespace fallline::bench {
namespace {

constexpr int version = 1;
constexpr double giga = 1e9;

Json json_of(const Machine& m) {
  return {{"instruction_set", name_of(m.instruction_set)},
          {"threads", m.threads},
          {"peak_gflops", m.flops / giga},
          {"triad_gigabytes_per_second", m.triad / giga},
          {"triad_array_bytes", m.array_bytes}};
}

void add_speed(Json& json, const Measurement& m) {
  const bool bytes = m.unit == Unit::bytes;
  json[bytes ? "gigabytes_per_second" : "gflops"] = m.rate() / giga;
  json[bytes ? "peak_gigabytes_per_second" : "peak_gflops"] = m.peak / giga;
  json["percent_of_peak"] = m.percent_of_peak();
}

Json json_of(const Measurement& m) {
  Json json{{"what", name_of(m.subject)},
            {"instruction_set", name_of(m.instruction_set)},
            {"threads", m.threads}};
  if (m.subject == Subject::optimizers) {
    json["parameters"] = m.parameters;
  } else {
    json["data"] = m.data;
    json["examples"] = m.examples;
    json["features"] = m.features;
    json["classes"] = m.classes;
    json["cells"] = m.cells == CellType::u8 ? "u8" : "f32";
    json["loss"] = m.loss;
    json["arithmetic"] = m.arithmetic;
  }
  if (m.subject == Subject::epoch) json["batch_size"] = m.batch_size;
  if (!m.optimizer.empty()) json["optimizer"] = m.optimizer;
  json["seconds"] = {{"median", m.seconds.median},
                     {"least", m.seconds.least},
                     {"greatest", m.seconds.greatest},
                     {"repeats", m.seconds.repeats}};
  if (m.examples > 0) json["examples_per_second"] = m.examples_per_second();
  add_speed(json, m);
  return json;
}

}  // namespace

std::string json(const Result& result) {
  Json json{{"version", version}, {"machines", Json::array()}, {"measurements", Json::array()}};
  for (const Machine& m : result.machines) json["machines"].push_back(json_of(m));
  for (const Measurement& m : result.measurements) json["measurements"].push_back(json_of(m));
  return indented(json);
}

}  // namespace fallline::bench
