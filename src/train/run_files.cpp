#include "train/run_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/model/model_file.hpp>
#include <fallline/model/templates.hpp>
#include <utility>

namespace fallline {
namespace {

constexpr const char* model_name = "model.safetensors";

/// All templates side by side, large enough to look at.
void write_templates(const Classifier& model, const std::filesystem::path& file) {
  // A thousand pictures that fill a wall are looked at by nobody.
  constexpr std::size_t most = 200;
  std::vector<Picture> templates = weight_templates(model);
  if (templates.empty()) return;
  templates.resize(std::min(most, templates.size()));
  constexpr std::size_t columns = 5;
  constexpr std::size_t height = 128;
  const std::size_t factor = std::max<std::size_t>(1, height / templates.front().height);
  std::vector<Picture> large;
  large.reserve(templates.size());
  for (const Picture& picture : templates) large.push_back(enlarge(picture, factor));
  write_png(file, tile(large, std::min(columns, large.size()), 4));
}

}  // namespace

RunFiles::RunFiles(ClaimedDirectory directory, std::string configuration, Warn warn)
    : directory_(std::move(directory)),
      configuration_(std::move(configuration)),
      warn_(std::move(warn)) {}

void RunFiles::begin(const std::vector<std::string>& logs) {
  for (const std::string& name : logs) logs_.emplace_back(path(), name);
  // Last, as it makes the directory that of a run.
  write_file(path() / "run.toml", configuration_);
  directory_.keep();
}

void RunFiles::add(std::size_t log, std::string line) {
  logs_[log].lines.add(std::move(line));
  if (logs_[log].lines.trouble()) tell_of_logs();
}

void RunFiles::flush() {
  for (Log& log : logs_) log.lines.flush();
  tell_of_logs();
}

void RunFiles::keep(const Classifier& model) {
  saved_ = attempt(model_name, [&] { save_model(model, path() / model_name); });
  for (Log& log : logs_) log.lines.commit();
  tell_of_logs();
  attempt("templates.png", [&] { write_templates(model, path() / "templates.png"); });
}

void RunFiles::finish(const Classifier& model, const std::function<std::string()>& summary) {
  if (!saved_) keep(model);
  attempt("summary.json", [&] { write_file(path() / "summary.json", summary()); });
}

std::vector<std::string> RunFiles::missing() const {
  std::vector<std::string> all;
  for (const Loss& loss : lost_) all.push_back(loss.name + ": " + loss.why);
  for (const Log& log : logs_) {
    if (!log.lines.trouble()) continue;
    const std::string beginning = log.lines.beginning();
    all.push_back(fmt::format("{}: {}{}", log.name, *log.lines.trouble(),
                              beginning.empty() ? "" : "; its beginning is in " + beginning));
  }
  return all;
}

/// Writes a file, where the disk is full with the room of one log after another; whether it did.
bool RunFiles::attempt(const std::string& name, const std::function<void()>& write) {
  std::erase_if(lost_, [&](const Loss& loss) { return loss.name == name; });
  for (;;) {
    try {
      write();
      return true;
    } catch (const NoRoom& full) {
      if (make_room()) continue;
      lose(name, full.problem());
    } catch (const Error& error) {
      lose(name, error.problem());
    } catch (const std::exception& error) {
      lose(name, error.what());
    }
    return false;
  }
}

/// Discards a log that has no final name yet, first of those that were given up.
bool RunFiles::make_room() {
  for (const bool given_up : {true, false})
    for (Log& log : logs_)
      if (log.lines.trouble().has_value() == given_up && log.lines.discard()) {
        tell_of_logs();
        return true;
      }
  return false;
}

void RunFiles::lose(const std::string& name, std::string why) {
  if (warn_) warn_(fmt::format("{} {}", name, why));
  lost_.push_back({.name = name, .why = std::move(why)});
}

/// Says once of each log that it was given up.
void RunFiles::tell_of_logs() {
  for (Log& log : logs_) {
    if (!log.lines.trouble() || std::exchange(log.told, true) || !warn_) continue;
    warn_(fmt::format("{} is given up, and the run goes on: {}", log.name, *log.lines.trouble()));
  }
}

}  // namespace fallline
