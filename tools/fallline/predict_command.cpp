#include <fmt/format.h>

#include <cstdio>
#include <fallline/model/model_file.hpp>
#include <fallline/objective/evaluation.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "command.hpp"
#include "console.hpp"
#include "model_arguments.hpp"

namespace fallline::tool {
namespace {

struct PredictArguments {
  Common common;
  ModelArguments model;
};

/// What each class is given: probabilities where the loss has them, else scores.
std::span<const float> values_of(const Prediction& p) {
  return p.probabilities.empty() ? p.scores : p.probabilities;
}

void print_text(const Classifier& model, const Dataset& data, Workers& workers) {
  const bool soft = model.loss.kind == LossKind::softmax;
  fmt::print("{:>9}  {:<20} {}\n", "example", "class", soft ? "probability" : "score");
  predict(model, data, workers, [&](const Prediction& p) {
    fmt::print("{:>9}  {:<20} {:.4f}\n", p.example + 1, model.schema.class_names[p.predicted],
               values_of(p)[p.predicted]);
  });
}

void print_csv(const Classifier& model, const Dataset& data, Workers& workers) {
  fmt::print("example,class");
  for (const std::string& name : model.schema.class_names) fmt::print(",{}", csv_cell(name));
  fmt::print("\n");
  predict(model, data, workers, [&](const Prediction& p) {
    fmt::print("{},{}", p.example + 1, csv_cell(model.schema.class_names[p.predicted]));
    for (const float value : values_of(p)) fmt::print(",{}", value);
    fmt::print("\n");
  });
}

void print_json(const Classifier& model, const Dataset& data, Workers& workers) {
  const char* key = model.loss.kind == LossKind::softmax ? "probabilities" : "scores";
  const char* separator = "[\n";
  predict(model, data, workers, [&](const Prediction& p) {
    nlohmann::ordered_json json{{"example", p.example + 1},
                                {"class", model.schema.class_names[p.predicted]}};
    // Appended: looking for each name among those before would take C² comparisons.
    nlohmann::ordered_json::object_t values;
    for (std::size_t c = 0; c < model.schema.class_names.size(); ++c)
      values.emplace_back(model.schema.class_names[c], values_of(p)[c]);
    json[key] = std::move(values);
    fmt::print("{}{}", separator,
               json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    separator = ",\n";
  });
  fmt::print("{}\n]\n", data.empty() ? "[" : "");
}

int run(CLI::App& app, PredictArguments& a) {
  use_instruction_set(a.common);
  const Classifier model = load_model(a.model.model, a.common.memory);
  const Chosen chosen = choose(app, a.model, model.schema, a.common);
  Workers workers(a.common.threads);
  if (a.common.format == "json") {
    print_json(model, chosen.data, workers);
  } else if (a.common.format == "csv") {
    print_csv(model, chosen.data, workers);
  } else {
    print_text(model, chosen.data, workers);
  }
  return Exit::success;
}

}  // namespace

void add_predict(CLI::App& program, int& status) {
  auto a = std::make_shared<PredictArguments>();
  CLI::App* app = program.add_subcommand(
      "predict", "Class and probabilities of every example; labels are not looked at");
  add_model_and_data(*app, a->model);
  add_common(*app, a->common);
  add_instruction_set(*app, a->common);
  app->callback([app, a, &status] { status = run(*app, *a); });
}

}  // namespace fallline::tool
