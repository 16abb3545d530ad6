#include <fallline/train/run_directory.hpp>
#include <utility>

#include "train/run_files.hpp"

namespace fallline {
namespace {

/// How often the histories are handed on, so that they can be read along: every so many steps.
constexpr std::uint64_t flush_interval = 256;

}  // namespace

struct RunDirectory::Files : RunFiles {
  using RunFiles::RunFiles;
  enum Log : std::uint8_t { history, epochs };

  void take(const StepTaken& step) {
    add(history, history_line(step));
    if (step.step % flush_interval == 0) flush();
  }

  void take(const RunEnded& ended) {
    finish(ended.result.model,
           [&] { return summary_json(ended.result, path().string(), missing()); });
  }
};

RunDirectory::RunDirectory(ClaimedDirectory directory, std::string configuration, Warn warn)
    : files_(std::make_unique<Files>(std::move(directory), std::move(configuration),
                                     std::move(warn))) {}

RunDirectory::RunDirectory(std::filesystem::path path, std::string configuration, Warn warn)
    : RunDirectory(ClaimedDirectory(std::move(path)), std::move(configuration), std::move(warn)) {}

RunDirectory::~RunDirectory() = default;

const std::filesystem::path& RunDirectory::path() const { return files_->path(); }

std::vector<std::string> RunDirectory::missing() const { return files_->missing(); }

void RunDirectory::on(const Event& event) {
  if (std::holds_alternative<RunStarted>(event)) files_->begin({"history.jsonl", "epochs.jsonl"});
  if (const auto* step = std::get_if<StepTaken>(&event)) files_->take(*step);
  if (const auto* epoch = std::get_if<EpochEnded>(&event))
    files_->add(Files::epochs, epoch_line(*epoch));
  if (const auto* ready = std::get_if<WeightsReady>(&event)) files_->keep(ready->model);
  if (const auto* ended = std::get_if<RunEnded>(&event)) files_->take(*ended);
}

ClaimedDirectory RunDirectory::fresh(const std::filesystem::path& parent) {
  return ClaimedDirectory::fresh(parent);
}

}  // namespace fallline
