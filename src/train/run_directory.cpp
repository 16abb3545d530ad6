#include <fmt/format.h>

#include <array>
#include <ctime>
#include <fallline/train/run_directory.hpp>
#include <utility>

#include "files/atomic_file.hpp"
#include "train/run_files.hpp"

namespace fallline {
namespace {

namespace fs = std::filesystem;

/// How often the histories are handed on, so that they can be read along: every so many steps.
constexpr std::uint64_t flush_interval = 256;

}  // namespace

struct RunDirectory::Files {
  explicit Files(fs::path p) : path(std::move(p)) {}

  void begin() {
    create_run(path);
    write_file(path / "run.toml", configuration);
    history.emplace(path / "history.jsonl");
    epochs.emplace(path / "epochs.jsonl");
  }

  void add(const StepTaken& step) {
    history->write(history_line(step) + "\n");
    if (step.step % flush_interval != 0) return;
    history->flush();
    epochs->flush();
  }

  void add(const EpochEnded& epoch) { epochs->write(epoch_line(epoch) + "\n"); }

  void keep(const Classifier& model) {
    write_model(model, path);
    history->commit();
    epochs->commit();
    kept = true;
  }

  void finish(const TrainResult& result) {
    if (!kept) keep(result.model);
    write_file(path / "summary.json", summary_json(result, path.string()));
  }

  fs::path path;
  std::string configuration;
  std::optional<AtomicFile> history;
  std::optional<AtomicFile> epochs;
  bool kept = false;
};

RunDirectory::RunDirectory(fs::path path, std::string configuration)
    : files_(std::make_unique<Files>(std::move(path))) {
  require_no_run(files_->path);
  files_->configuration = std::move(configuration);
}

RunDirectory::~RunDirectory() = default;

const fs::path& RunDirectory::path() const { return files_->path; }

void RunDirectory::on(const Event& event) {
  if (std::holds_alternative<RunStarted>(event)) files_->begin();
  if (const auto* step = std::get_if<StepTaken>(&event)) files_->add(*step);
  if (const auto* epoch = std::get_if<EpochEnded>(&event)) files_->add(*epoch);
  if (const auto* ready = std::get_if<WeightsReady>(&event)) files_->keep(ready->model);
  if (const auto* ended = std::get_if<RunEnded>(&event)) files_->finish(ended->result);
}

fs::path RunDirectory::fresh(const fs::path& parent) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  std::array<char, 32> stamp{};
  (void)std::strftime(stamp.data(), stamp.size(), "%Y-%m-%d-%H%M%S", &parts);
  fs::path path = parent / stamp.data();
  for (int n = 2; fs::exists(path); ++n) path = parent / fmt::format("{}-{}", stamp.data(), n);
  return path;
}

}  // namespace fallline
