#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <fallline/error.hpp>
#include <fallline/model/model_file.hpp>
#include <fallline/model/templates.hpp>
#include <fallline/train/run_directory.hpp>
#include <system_error>
#include <utility>

#include "files/atomic_file.hpp"

namespace fallline {
namespace {

namespace fs = std::filesystem;

/// How often the history is handed on, so that it can be read along: every so many steps.
constexpr std::uint64_t flush_interval = 256;

void require_free(const fs::path& path) {
  for (const char* name : {"run.toml", "summary.json", "model.safetensors"})
    if (fs::exists(path / name))
      throw usage_error(path.string() + " holds a run already",
                        "choose another --run-directory, or remove it");
}

void create(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error)
    throw Error(ErrorKind::output, {.file = path.string()},
                "the run directory cannot be created: " + error.message(),
                "choose another with --run-directory");
}

/// All templates side by side, large enough to look at.
void write_templates(const Classifier& model, const fs::path& file) {
  const std::vector<Picture> templates = weight_templates(model);
  if (templates.empty()) return;
  constexpr std::size_t columns = 5;
  constexpr std::size_t height = 128;
  const std::size_t factor = std::max<std::size_t>(1, height / templates.front().height);
  std::vector<Picture> large;
  large.reserve(templates.size());
  for (const Picture& picture : templates) large.push_back(enlarge(picture, factor));
  write_png(file, tile(large, std::min(columns, large.size()), 4));
}

}  // namespace

struct RunDirectory::Files {
  explicit Files(fs::path p) : path(std::move(p)) {}

  void begin() {
    create(path);
    write_file(path / "run.toml", configuration);
    history.emplace(path / "history.jsonl");
  }

  void add(const StepTaken& step) {
    history->write(history_line(step) + "\n");
    if (step.step % flush_interval == 0) history->flush();
  }

  void finish(const TrainResult& result) {
    history->commit();
    save_model(result.model, path / "model.safetensors");
    write_templates(result.model, path / "templates.png");
    write_file(path / "summary.json", summary_json(result, path.string()));
  }

  fs::path path;
  std::string configuration;
  std::optional<AtomicFile> history;
};

RunDirectory::RunDirectory(fs::path path, std::string configuration)
    : files_(std::make_unique<Files>(std::move(path))) {
  require_free(files_->path);
  files_->configuration = std::move(configuration);
}

RunDirectory::~RunDirectory() = default;

const fs::path& RunDirectory::path() const { return files_->path; }

void RunDirectory::on(const Event& event) {
  if (std::holds_alternative<RunStarted>(event)) files_->begin();
  if (const auto* step = std::get_if<StepTaken>(&event)) files_->add(*step);
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
