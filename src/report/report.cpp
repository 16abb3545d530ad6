#include <fmt/format.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/report/report.hpp>
#include <fallline/version.hpp>
#include <system_error>
#include <utility>

#include "files/atomic_file.hpp"
#include "files/replaceable.hpp"
#include "report/documents.hpp"
#include "report/page.hpp"
#include "report/run_data.hpp"
#include "report/text.hpp"

namespace fallline {
namespace {

void require_page() {
  if (has_report_page()) return;
  throw usage_error("this build of fallline has no report page",
                    "install Node.js 18 or newer with npm (Debian: nodejs, npm), then configure "
                    "and build again where the npm registry can be reached");
}

/// Gathers what the page shows.
class Gathering {
 public:
  explicit Gathering(const ReportOptions& options) : options_(options) {
    data_["version"] = 1;
    data_["program"] = fmt::format("fallline {}", version);
    data_["runs"] = Json::array();
    data_["documents"] = Json::array();
    data_["notes"] = Json::array();
  }

  void add(const ReportRun& run, Workers& workers) {
    Json json = report::run_data(run, workers, options_.memory_limit);
    std::vector<std::string> notes;
    const std::size_t index = data_["runs"].size();
    for (auto& document : report::documents_in(run.directory, options_.memory_limit, notes))
      add(std::move(document), index);
    for (std::string& note : notes) json["notes"].push_back(std::move(note));
    for (const Json& note : json["notes"])
      report_.notes.push_back(
          fmt::format("{}: {}", run.directory.string(), note.get<std::string>()));
    data_["runs"].push_back(std::move(json));
  }

  /// One that lies in the directory of a run was taken with it.
  void add(const std::filesystem::path& path) {
    report::Document document = report::read_document(path, options_.memory_limit);
    const auto same = [&](const Json& other) {
      std::error_code ignored;
      return std::filesystem::equivalent(other["file"].get<std::string>(), path, ignored);
    };
    if (std::ranges::none_of(data_["documents"], same)) add(std::move(document), Json());
  }

  void add(report::Document document, Json run) {
    report_.documents.push_back(document.kind);
    data_["documents"].push_back({{"file", document.file},
                                  {"kind", document.kind},
                                  {"run", std::move(run)},
                                  {"content", std::move(document.content)}});
  }

  Report write(const std::filesystem::path& path) {
    const report::Page page = report::page();
    const std::string text = report::for_html(data_);
    AtomicFile file(path);
    file.write(page.before);
    file.write(text);
    file.write(page.after);
    file.commit();
    report_.file = path;
    report_.bytes = page.before.size() + text.size() + page.after.size();
    return std::move(report_);
  }

 private:
  const ReportOptions& options_;
  Json data_;
  Report report_;
};

}  // namespace

void require_report_place(const std::filesystem::path& file) {
  require_replaceable(file, "an earlier report", [](std::string_view head) {
    return head.find("<title>fallline report</title>") != std::string_view::npos;
  });
}

bool has_report_page() { return !report::page().before.empty(); }

Report write_report(std::span<const ReportRun> runs, const std::filesystem::path& file,
                    Workers& workers, const ReportOptions& options) {
  require_page();
  if (runs.empty()) throw usage_error("a report of no run", "name the directory of one");
  Gathering gathering(options);
  for (const ReportRun& run : runs) gathering.add(run, workers);
  for (const auto& path : options.documents) gathering.add(path);
  return gathering.write(file);
}

}  // namespace fallline
