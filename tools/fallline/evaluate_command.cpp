#include <fmt/format.h>

#include <algorithm>
#include <fallline/model/model_file.hpp>
#include <fallline/objective/certificate.hpp>
#include <fallline/objective/evaluation.hpp>
#include <fallline/train/run_directory.hpp>
#include <memory>
#include <optional>
#include <string>

#include "command.hpp"
#include "console.hpp"
#include "model_arguments.hpp"

namespace fallline::tool {
namespace {

struct EvaluateArguments {
  Common common;
  ModelArguments model;
  bool certificate = false;
};

/// Widest name that keeps the tables aligned on a terminal.
constexpr std::size_t name_width = 16;

std::string shortened(const std::string& name) {
  return name.size() <= name_width ? name : name.substr(0, name_width - 2) + "..";
}

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.2f} %", 100 * *share) : "-";
}

std::string or_empty(const std::optional<double>& share) {
  return share ? fmt::format("{}", *share) : "";
}

void print_classes(const Evaluation& e, const std::vector<std::string>& names) {
  fmt::print("\n{:<16} {:>9} {:>11} {:>9}\n", "class", "examples", "precision", "recall");
  for (std::size_t c = 0; c < names.size(); ++c) {
    const ClassFigures f = e.of_class(c);
    fmt::print("{:<16} {:>9} {:>11} {:>9}\n", shortened(names[c]), f.examples,
               percent(f.precision()), percent(f.recall()));
  }
}

void print_mistakes(const Evaluation& e, const std::vector<std::string>& names) {
  constexpr std::size_t most_pairs = 20;
  fmt::print("\n{:<16} {:<16} {:>9}\n", "true class", "predicted as", "examples");
  for (const Confusion::Pair& pair : e.confusion.largest_mistakes(most_pairs))
    fmt::print("{:<16} {:<16} {:>9}\n", shortened(names[pair.own]),
               shortened(names[pair.predicted]), pair.examples);
  fmt::print("these are the most frequent mistakes; --format json has more\n");
}

void print_confusion(const Evaluation& e, const std::vector<std::string>& names) {
  constexpr std::size_t most_classes = 20;
  if (names.size() > most_classes) return print_mistakes(e, names);
  fmt::print("\n{:<16} predicted as\n{:<16}", "true class", "");
  for (const std::string& name : names) fmt::print(" {:>5}", name.substr(0, 5));
  fmt::print("\n");
  for (std::size_t y = 0; y < names.size(); ++y) {
    fmt::print("{:<16}", shortened(names[y]));
    for (std::size_t p = 0; p < names.size(); ++p) fmt::print(" {:>5}", e.confusion(y, p));
    fmt::print("\n");
  }
}

void print_text(const Evaluation& e, const std::vector<std::string>& names,
                const std::string& part) {
  fmt::print("{:<11} {} examples   loss {:#.5g}   accuracy {:.2f} %   majority {:.2f} %{}\n", part,
             e.examples, e.loss, 100 * e.accuracy(), 100 * e.majority_share(),
             e.has_top_k() ? fmt::format("   top-{} {:.2f} %", e.k, 100 * e.top_k_accuracy()) : "");
  if (const auto note = majority_note(e, names, part)) fmt::print("note        {}\n", *note);
  print_classes(e, names);
  print_confusion(e, names);
}

void print_csv(const Evaluation& e, const std::vector<std::string>& names) {
  fmt::print("class,examples,precision,recall\n");
  for (std::size_t c = 0; c < names.size(); ++c) {
    const ClassFigures f = e.of_class(c);
    fmt::print("{},{},{},{}\n", csv_cell(names[c]), f.examples, or_empty(f.precision()),
               or_empty(f.recall()));
  }
}

/// An interrupt ends the search for it; what was found until then is printed.
Certificate certificate_of(const Classifier& model, const Dataset& data, Workers& workers) {
  watch_interrupts();
  return certify(model, data, workers, {}, &interrupt);
}

int run(CLI::App& app, EvaluateArguments& a) {
  use_instruction_set(a.common);
  const Classifier model = load_model(a.model.model, a.common.memory);
  const Chosen chosen = choose(app, a.model, model.schema, a.common);
  Workers workers(a.common.threads);
  if (a.certificate) require_certifiable(model.penalty);
  const Evaluation e = evaluate(model, chosen.data, workers);
  std::optional<Certificate> certificate;
  if (a.certificate) certificate = certificate_of(model, chosen.data, workers);
  const bool found = certificate && certificate->evaluations > 0;
  if (a.common.format == "json") {
    fmt::print("{}", evaluation_json(e, model.schema.class_names, found ? &*certificate : nullptr));
  } else if (a.common.format == "csv") {
    print_csv(e, model.schema.class_names);
  } else {
    print_text(e, model.schema.class_names, chosen.part);
    if (certificate) fmt::print("\ncertificate {}\n", certificate_line(*certificate));
  }
  return certificate && certificate->interrupted ? Exit::interrupted : Exit::success;
}

}  // namespace

void add_evaluate(CLI::App& program, int& status) {
  auto a = std::make_shared<EvaluateArguments>();
  CLI::App* app = program.add_subcommand("evaluate", "Loss, accuracy and confusion of a model");
  add_model_and_data(*app, a->model);
  app->add_flag("--certificate", a->certificate,
                "Bound how far the objective on these data is above its minimum");
  add_common(*app, a->common);
  add_instruction_set(*app, a->common);
  app->callback([app, a, &status] { status = run(*app, *a); });
}

}  // namespace fallline::tool
