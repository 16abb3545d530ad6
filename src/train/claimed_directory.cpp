#include <fmt/format.h>

#include <array>
#include <ctime>
#include <fallline/error.hpp>
#include <fallline/train/claimed_directory.hpp>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "files/directory_lock.hpp"

namespace fallline {
namespace {

namespace fs = std::filesystem;

/// So often a directory is made again that others remove in between.
constexpr int most_races = 100;

Error holds(const fs::path& path, const std::string& what) {
  return usage_error(fmt::format("{} holds {}", path.string(), what),
                     "choose another --run-directory, or remove it");
}

void require_no_run(const fs::path& path) {
  const auto there = [&path](const char* name) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path / name, ignored));
  };
  if (there("summary.json") || there("model.safetensors")) throw holds(path, "a run already");
  if (there("run.toml")) throw holds(path, "the beginning of a run that did not come to its end");
  for (const char* name : {"history.jsonl", "epochs.jsonl", "templates.png"})
    if (there(name)) throw holds(path, fmt::format("a {}, which a run would replace", name));
}

std::string now() {
  const std::time_t seconds = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  std::array<char, 32> stamp{};
  (void)std::strftime(stamp.data(), stamp.size(), "%Y-%m-%d-%H%M%S", &parts);
  return stamp.data();
}

}  // namespace

struct ClaimedDirectory::State {
  explicit State(fs::path p) : path(std::move(p)) {}
  ~State() {
    if (!kept) remove_empty(made);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// Makes the directory; whether it was this that made it.
  bool make() {
    for (int race = 1;; ++race) {
      try {
        const std::vector<fs::path> more = make_directories(path);
        made.insert(made.end(), more.begin(), more.end());
        return !more.empty() && more.back() == path;
      } catch (const fs::filesystem_error& error) {
        // Another claim may just have removed a parent that it had made.
        if (error.code() == std::errc::no_such_file_or_directory && race < most_races) continue;
        throw Error(ErrorKind::output, {.file = path.string()},
                    "the run directory cannot be created: " + error.code().message(),
                    "choose another with --run-directory");
      }
    }
  }

  fs::path path;
  std::vector<fs::path> made;
  DirectoryLock lock;
  bool kept = false;
};

ClaimedDirectory::ClaimedDirectory(std::unique_ptr<State> state) : state_(std::move(state)) {}

ClaimedDirectory::ClaimedDirectory(fs::path path)
    : state_(std::make_unique<State>(std::move(path))) {
  for (int race = 0; race < most_races; ++race) {
    (void)state_->make();
    state_->lock = DirectoryLock(state_->path);
    if (state_->lock.state() != DirectoryLock::State::gone) break;
  }
  if (state_->lock.state() == DirectoryLock::State::taken)
    throw usage_error(fmt::format("another run is writing in {}", state_->path.string()),
                      "choose another --run-directory, or wait for its end");
  require_no_run(state_->path);
}

ClaimedDirectory ClaimedDirectory::fresh(const fs::path& parent) {
  const std::string stamp = now();
  for (int n = 1;; ++n) {
    auto state =
        std::make_unique<State>(parent / (n == 1 ? stamp : fmt::format("{}-{}", stamp, n)));
    if (!state->make()) continue;
    state->lock = DirectoryLock(state->path);
    if (state->lock.state() == DirectoryLock::State::held ||
        state->lock.state() == DirectoryLock::State::none)
      return ClaimedDirectory(std::move(state));
  }
}

ClaimedDirectory::~ClaimedDirectory() = default;
ClaimedDirectory::ClaimedDirectory(ClaimedDirectory&&) noexcept = default;
ClaimedDirectory& ClaimedDirectory::operator=(ClaimedDirectory&&) noexcept = default;

const fs::path& ClaimedDirectory::path() const { return state_->path; }

void ClaimedDirectory::keep() { state_->kept = true; }

}  // namespace fallline
