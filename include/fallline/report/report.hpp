#pragma once

#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/workers.hpp>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace fallline {

/// A run that a report shows.
struct ReportRun {
  std::filesystem::path directory;  ///< as `RunDirectory` or `SearchDirectory` wrote it, or writes
  Dataset examples;                 ///< to show the surest mistakes on; empty: they are left out
  std::string part;                 ///< what `examples` are: train, validation, test or all
  std::vector<std::string> notes;   ///< what the page is to say of this run
};

struct ReportOptions {
  /// JSON files beside those that lie in the runs' directories.
  std::vector<std::filesystem::path> documents;
  std::uint64_t memory_limit = 0;  ///< bytes, as for `require_memory`
};

/// What was written.
struct Report {
  std::filesystem::path file;
  std::uint64_t bytes = 0;
  std::vector<std::string> documents;  ///< kinds of the results beside the runs, in their order
  std::vector<std::string> notes;      ///< what was left out, and why; the page says it too
};

/// Whether the page was built into this library: without it there are no reports.
[[nodiscard]] bool has_report_page();

/// To be asked before the work: can a file be created there, and is one that is there a report? It
/// is where `<title>fallline report</title>` stands in its first 4096 bytes. @throws Error(output)
void require_report_place(const std::filesystem::path& file);

/// Writes one HTML file that shows runs and everything measured about them: costs, rates, gradient
/// norms, templates, confusion, mistakes, sweeps, landscapes, paths (docs/report.md). It needs no
/// network and no other file, and appears when it is complete.
///
/// A history of any length is read in bounded memory: past 4000 lines a series is drawn as blocks
/// of lines with their mean, least and greatest value.
///
/// @throws Error(usage) where there are no runs, or no page in this library;
///         Error(bad_input) where a directory holds no run, a file of it is damaged or a document
///         is of no known kind; Error(output)
Report write_report(std::span<const ReportRun> runs, const std::filesystem::path& file,
                    Workers& workers, const ReportOptions& options = {});

}  // namespace fallline
