#include <fallline/tune/training_sweep.hpp>

#include "tune/json.hpp"

namespace fallline::tune {
namespace {

void add(Json& json, const char* name, const std::optional<Spread>& spread) {
  if (spread) json[name] = json_of(*spread);
}

Json settings(const CaseFigures& f, std::span<const std::string> names) {
  Json json = Json::object();
  for (std::size_t i = 0; i < names.size(); ++i) json[names[i]] = f.values[i];
  return json;
}

Json json_of(const CaseFigures& f, std::span<const std::string> names) {
  Json json{{"settings", settings(f, names)},
            {"runs", f.runs},
            {"diverged", f.diverged},
            {"learning_rate", f.learning_rate}};
  add(json, "train_loss", f.train_loss);
  add(json, "train_accuracy", f.train_accuracy);
  add(json, "validation_loss", f.validation_loss);
  add(json, "validation_accuracy", f.validation_accuracy);
  add(json, "test_loss", f.test_loss);
  add(json, "test_accuracy", f.test_accuracy);
  add(json, "seconds", f.seconds);
  return json;
}

}  // namespace

std::string json(const TrainingSweep& sweep, std::span<const std::string> names) {
  Json json{{"kind", "sweep-train"}, {"version", report_version}, {"cases", Json::array()}};
  for (const CaseFigures& f : sweep.cases) json["cases"].push_back(json_of(f, names));
  json["best"] = sweep.best ? settings(sweep.cases[*sweep.best], names) : Json();
  json["interrupted"] = sweep.interrupted;
  return indented(json);
}

}  // namespace fallline::tune
