#include <fmt/format.h>

#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <fallline/model/model_file.hpp>
#include <fallline/report/report.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "command.hpp"
#include "console.hpp"
#include "model_arguments.hpp"

namespace fallline::tool {
namespace {

struct ReportArguments {
  Common common;
  std::vector<std::string> runs;
  std::vector<std::string> documents;
  std::string file;
  bool no_data = false;
};

/// The examples that a run's model is judged on, as `fallline evaluate RUN` takes them.
Chosen examples_of(const std::string& run, Common common) {
  common.quiet = true;
  CLI::App app;
  app.option_defaults()->always_capture_default();
  ModelArguments model{.model = run, .data = {}, .part = {}};
  add_model_and_data(app, model);
  return choose(app, model, load_model(run, common.memory).schema, common);
}

ReportRun run_of(const std::string& directory, const ReportArguments& a) {
  ReportRun run{.directory = directory, .examples = {}, .part = {}, .notes = {}};
  if (a.no_data || !std::filesystem::exists(run.directory / "model.safetensors")) return run;
  try {
    Chosen chosen = examples_of(directory, a.common);
    run.examples = std::move(chosen.data);
    run.part = std::move(chosen.part);
  } catch (const Error& error) {
    run.notes.push_back(fmt::format(
        "the surest mistakes are left out, as the data cannot be read: {}", error.problem()));
  }
  return run;
}

void print_json(const Report& report) {
  const nlohmann::ordered_json json{{"report", report.file.string()},
                                    {"bytes", report.bytes},
                                    {"documents", report.documents},
                                    {"notes", report.notes}};
  fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

int run(const ReportArguments& a) {
  use_instruction_set(a.common);
  const std::filesystem::path file = a.file.empty()
                                         ? std::filesystem::path(a.runs.front()) / "report.html"
                                         : std::filesystem::path(a.file);
  if (!a.file.empty() || std::filesystem::is_directory(a.runs.front())) require_report_place(file);
  Workers workers(a.common.threads);
  std::vector<ReportRun> runs;
  for (const std::string& directory : a.runs) runs.push_back(run_of(directory, a));
  const Report report = write_report(
      runs, file, workers,
      {.documents = {a.documents.begin(), a.documents.end()}, .memory_limit = a.common.memory});
  narrate(report.notes, a.common.quiet);
  if (a.common.format == "json") {
    print_json(report);
  } else {
    fmt::print("report      {} ({})\n", report.file.string(), format_bytes(report.bytes));
  }
  return Exit::success;
}

}  // namespace

void add_report(CLI::App& program, int& status) {
  auto a = std::make_shared<ReportArguments>();
  CLI::App* app = program.add_subcommand(
      "report", "One HTML file that shows runs: costs, templates, mistakes, sweeps, landscapes");
  app->add_option("runs", a->runs, "Run directories; several are compared")->required();
  app->add_option(
         "--with", a->documents,
         "JSON of a sweep, a gradient check, a search, a landscape or paths, besides those "
         "in the run directories")
      ->allow_extra_args(false);
  app->add_flag("--no-data", a->no_data,
                "Leave the examples out that the model is most confidently wrong about");
  app->add_option("-o,--output", a->file, "The report")
      ->default_str("RUN/report.html")
      ->group("Output");
  add_common(*app, a->common, false);
  add_instruction_set(*app, a->common);
  app->callback([a, &status] { status = run(*a); });
}

}  // namespace fallline::tool
