#include <fmt/format.h>

#include <fallline/search/run_directory.hpp>
#include <utility>

#include "train/run_files.hpp"
#include "train/summary.hpp"

namespace fallline {
namespace {

/// How often the history is handed on, so that it can be read along: every so many attempts.
constexpr std::uint64_t flush_interval = 16;

Json configuration(const SearchPlan& plan) {
  const SearchOptions& o = plan.options;
  return {{"strategy", name_of(o.strategy)},
          {"tries", o.tries},
          {"loss", name_of(o.loss.kind)},
          {"delta", o.loss.delta},
          {"l2", o.penalty.l2},
          {"l1", o.penalty.l1},
          {"preprocess", name_of(plan.preprocessing)},
          {"scale", o.scale},
          {"start", o.start},
          {"step", o.step},
          {"initial_scale", o.initial_scale},
          {"learning_rate", plan.learning_rate},
          {"learning_rate_chosen", o.strategy == Strategy::gradient && o.learning_rate == 0},
          {"candidates", plan.candidates},
          {"seed", o.seed},
          {"classes", plan.classes},
          {"features", plan.features},
          {"parameters", plan.parameters},
          {"examples", plan.examples},
          {"validation_examples", plan.validation_examples},
          {"test_examples", plan.test_examples},
          {"threads", plan.threads},
          {"instruction_set", plan.instruction_set},
          {"memory_bytes", plan.memory_bytes}};
}

}  // namespace

struct SearchDirectory::Files : RunFiles {
  using RunFiles::RunFiles;

  void take(const Attempt& attempt) {
    add(0, history_line(attempt));
    if (attempt.attempt % flush_interval == 0) flush();
  }

  void take(const SearchEnded& ended) {
    finish(ended.result.model,
           [&] { return summary_json(ended.result, path().string(), missing()); });
  }
};

SearchDirectory::SearchDirectory(ClaimedDirectory directory, std::string configuration, Warn warn)
    : files_(std::make_unique<Files>(std::move(directory), std::move(configuration),
                                     std::move(warn))) {}

SearchDirectory::SearchDirectory(std::filesystem::path path, std::string configuration, Warn warn)
    : SearchDirectory(ClaimedDirectory(std::move(path)), std::move(configuration),
                      std::move(warn)) {}

SearchDirectory::~SearchDirectory() = default;

const std::filesystem::path& SearchDirectory::path() const { return files_->path(); }

std::vector<std::string> SearchDirectory::missing() const { return files_->missing(); }

void SearchDirectory::on(const SearchEvent& event) {
  if (std::holds_alternative<SearchStarted>(event)) files_->begin({"history.jsonl"});
  if (const auto* attempt = std::get_if<Attempt>(&event)) files_->take(*attempt);
  if (const auto* ready = std::get_if<BestFound>(&event)) files_->keep(ready->model);
  if (const auto* ended = std::get_if<SearchEnded>(&event)) files_->take(*ended);
}

std::string summary_json(const SearchResult& result, const std::string& run_directory,
                         const std::vector<std::string>& missing) {
  const auto& names = result.model.schema.class_names;
  Json json{{"kind", "search"},
            {"version", summary_version},
            {"strategy", name_of(result.plan.options.strategy)},
            {"train", with_classes(result.train, names)}};
  if (result.validation) json["validation"] = with_classes(*result.validation, names);
  if (result.test) json["test"] = with_classes(*result.test, names);
  json["evaluations"] = result.attempts;
  json["best_attempt"] = result.best_attempt;
  json["improvements"] = result.improvements;
  json["discarded"] = result.discarded;
  json["seconds"] = result.seconds;
  json["weights_hash"] = result.model.weights_hash();
  json["stop_reason"] = name_of(result.stop);
  json["message"] = result.message;
  json["run_directory"] = run_directory;
  if (!missing.empty()) json["missing"] = missing;
  json["configuration"] = configuration(result.plan);
  return indented(json);
}

std::string history_line(const Attempt& a) {
  return fmt::format(R"({{"attempt":{},"loss":{},"objective":{},"best":{}}})", a.attempt,
                     json_number(a.measure.loss), json_number(a.measure.objective()),
                     json_number(a.best));
}

}  // namespace fallline
