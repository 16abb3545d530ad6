#include "train/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/train/run_directory.hpp>
#include <functional>
#include <numeric>

namespace fallline {
namespace {

Json figures(const Evaluation& e) {
  Json json{{"examples", e.examples},
            {"loss", number(e.loss)},
            {"objective", number(e.objective)},
            {"accuracy", e.accuracy()}};
  if (e.has_top_k()) json["top_" + std::to_string(e.k) + "_accuracy"] = e.top_k_accuracy();
  return json;
}

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json optimizer_settings(const OptimizerOptions& options) {
  Json json = Json::object();
  for (const Setting& s : settings_in_force(options)) {
    if (s.flag)
      json[std::string(s.name)] = s.value != 0;
    else
      json[std::string(s.name)] = number(s.value);
  }
  return json;
}

Json layers_json(const std::vector<LayerSummary>& layers) {
  Json all = Json::array();
  for (const LayerSummary& layer : layers) {
    Json json{{"name", layer.name},
              {"units", layer.units},
              {"parameters", layer.parameters},
              {"first_gradient_norm", number(layer.first_gradient_norm)},
              {"gradient_norm", number(layer.gradient_norm)}};
    if (layer.update_norm) json["update_norm"] = number(*layer.update_norm);
    if (layer.dead) json["dead"] = *layer.dead;
    all.push_back(std::move(json));
  }
  return all;
}

Json configuration(const Plan& plan) {
  const TrainOptions& o = plan.options;
  return {{"model", o.model},
          {"architecture", plan.network.text()},
          {"loss", name_of(o.loss.kind)},
          {"delta", o.loss.delta},
          {"l2", o.penalty.l2},
          {"l1", o.penalty.l1},
          {"preprocess", name_of(plan.preprocessing)},
          {"optimizer", o.optimizer.name},
          {"preset", name_of(o.optimizer.preset)},
          {"optimizer_settings", optimizer_settings(o.optimizer)},
          {"learning_rate", plan.learning_rate},
          {"learning_rate_chosen", plan.rate_source != RateSource::given},
          {"schedule", o.schedule_in_force().text()},
          {"batch_size", plan.batch_size},
          {"steps_per_epoch", plan.steps_per_epoch},
          {"epochs", plan.epochs},
          {"sampling", name_of(o.sampling)},
          {"drop_last", o.drop_last},
          {"seed", o.seed},
          {"classes", plan.classes},
          {"features", plan.features},
          {"parameters", plan.parameters},
          {"examples", plan.examples},
          {"validation_examples", plan.validation_examples},
          {"test_examples", plan.test_examples},
          {"threads", plan.threads},
          {"instruction_set", plan.instruction_set},
          {"arithmetic", name_of(plan.arithmetic)},
          {"memory_bytes", plan.memory_bytes}};
}

/// Classes and pairs of classes that are listed at most.
constexpr std::size_t most_listed = 1000;

/// All classes in their order; of many those with the most examples.
std::vector<std::size_t> classes_listed(const Evaluation& e) {
  std::vector<std::size_t> listed(e.confusion.classes());
  std::iota(listed.begin(), listed.end(), std::size_t{0});
  if (listed.size() <= most_listed) return listed;
  std::ranges::stable_sort(listed, std::greater{},
                           [&](std::size_t c) { return e.of_class(c).examples; });
  listed.resize(most_listed);
  std::ranges::sort(listed);
  return listed;
}

Json mistakes_json(const Evaluation& e, const std::vector<std::string>& names) {
  Json all = Json::array();
  for (const Confusion::Pair& pair : e.confusion.largest_mistakes(most_listed))
    all.push_back({{"class", names[pair.own]},
                   {"predicted", names[pair.predicted]},
                   {"examples", pair.examples}});
  return all;
}

}  // namespace

Json with_classes(const Evaluation& e, const std::vector<std::string>& names) {
  Json json = figures(e);
  json["majority_class"] = names[e.majority_class];
  json["majority_share"] = e.majority_share();
  json["beats_majority"] = e.beats_majority();
  json["classes"] = Json::array();
  for (const std::size_t c : classes_listed(e)) {
    const ClassFigures& f = e.of_class(c);
    json["classes"].push_back({{"name", names[c]},
                               {"examples", f.examples},
                               {"precision", or_null(f.precision())},
                               {"recall", or_null(f.recall())}});
  }
  if (names.size() > most_listed) json["classes_left_out"] = names.size() - most_listed;
  if (names.size() <= Confusion::most_dense) {
    json["confusion"] = e.confusion.matrix();
  } else {
    json["confusion_pairs"] = mistakes_json(e, names);
  }
  return json;
}

Json json_of(const Certificate& c) {
  Json json{
      {"objective", number(c.objective)}, {"bound", number(c.bound)},
      {"lowest", number(c.lowest)},       {"at_most", number(c.at_most())},
      {"at_least", number(c.at_least())}, {"percent_above_best_at_most", number(100 * c.share())},
      {"evaluations", c.evaluations},     {"seconds", c.seconds}};
  if (c.interrupted) json["interrupted"] = true;
  return json;
}

std::string json_number(double value) {
  return std::isfinite(value) ? fmt::format("{:.9g}", value) : "null";
}

std::string summary_json(const TrainResult& result, const std::string& run_directory,
                         const std::vector<std::string>& missing) {
  const auto& names = result.model.schema.class_names;
  Json json{{"version", summary_version}, {"train", with_classes(result.train, names)}};
  if (result.validation) json["validation"] = with_classes(*result.validation, names);
  if (result.test) json["test"] = with_classes(*result.test, names);
  if (result.certificate) json["certificate"] = json_of(*result.certificate);
  json["epochs"] = result.epochs;
  json["steps"] = result.steps;
  json["best_epoch"] = result.best_epoch;
  json["seconds"] = result.seconds;
  json["examples_per_second"] = result.examples_per_second;
  json["gflops"] = result.flops / 1e9;
  json["peak_gflops"] = result.peak_flops / 1e9;
  json["percent_of_peak"] = result.percent_of_peak();
  json["cost_rises"] = result.cost_rises;
  if (!result.layers.empty()) json["layers"] = layers_json(result.layers);
  json["notes"] = result.notes;
  json["weights_hash"] = result.model.weights_hash();
  json["stop_reason"] = name_of(result.stop);
  json["message"] = result.message;
  if (result.exceeded) json["first_objective"] = *result.exceeded;
  if (result.held_rate) json["held_learning_rate"] = *result.held_rate;
  json["run_directory"] = run_directory;
  if (!missing.empty()) json["missing"] = missing;
  json["configuration"] = configuration(result.plan);
  return indented(json);
}

std::string evaluation_json(const Evaluation& evaluation,
                            const std::vector<std::string>& class_names,
                            const Certificate* certificate) {
  Json json = with_classes(evaluation, class_names);
  if (certificate != nullptr) json["certificate"] = json_of(*certificate);
  return indented(json);
}

namespace {

/// `,"layers":[…]`, or nothing for a linear classifier.
std::string layers_text(std::span<const LayerMeasure> layers) {
  if (layers.empty()) return {};
  std::string text = R"(,"layers":[)";
  for (const LayerMeasure& layer : layers) {
    // A layer of a network that a program made may be called anything.
    const std::string name = Json(layer.name).dump(-1, ' ', false, Json::error_handler_t::replace);
    text += fmt::format(R"({}{{"name":{},"gradient_norm":{})", &layer == layers.data() ? "" : ",",
                        name, json_number(layer.gradient_norm));
    if (layer.update_norm)
      text += fmt::format(R"(,"update_norm":{})", json_number(*layer.update_norm));
    if (layer.dead) text += fmt::format(R"(,"dead":{})", json_number(*layer.dead));
    text += '}';
  }
  return text + ']';
}

}  // namespace

std::string history_line(const StepTaken& s) {
  const bool finite = std::isfinite(s.measure.objective()) && std::isfinite(s.gradient_norm);
  // In as many digits as it takes: a replay of the history is to have the very same rates.
  const std::string rate = std::isfinite(s.rate) ? fmt::format("{}", s.rate) : "null";
  return fmt::format(
      R"({{"step":{},"epoch":{},"examples":{},"loss":{},"objective":{},"rate":{},"gradient_norm":{}{}{}}})",
      s.step, s.epoch, s.examples, json_number(s.measure.loss), json_number(s.measure.objective()),
      rate, json_number(s.gradient_norm), finite ? "" : R"(,"finite":false)",
      layers_text(s.layers));
}

std::string epoch_line(const EpochEnded& e) {
  std::string line = fmt::format(
      R"({{"epoch":{},"step":{},"seconds":{},"rate":{},"loss":{},"objective":{},"accuracy":{})",
      e.epoch, e.step, json_number(e.seconds), json_number(e.rate), json_number(e.training.loss),
      json_number(e.training.objective()), json_number(e.training.accuracy()));
  if (e.validation)
    line +=
        fmt::format(R"(,"validation_loss":{},"validation_objective":{},"validation_accuracy":{})",
                    json_number(e.validation->loss), json_number(e.validation->objective()),
                    json_number(e.validation->accuracy()));
  return line + (e.best ? R"(,"best":true})" : "}");
}

}  // namespace fallline
