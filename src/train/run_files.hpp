#pragma once

#include <deque>
#include <exception>
#include <fallline/model/classifier.hpp>
#include <fallline/train/claimed_directory.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "files/line_log.hpp"

namespace fallline {

/// The files of a run under way, in a directory of its own. The model comes first: once the run has
/// begun nothing is thrown, what cannot be written is given up and told, and where the disk is full
/// the logs make room.
class RunFiles {
 public:
  using Warn = std::function<void(const std::string&)>;

  RunFiles(ClaimedDirectory directory, std::string configuration, Warn warn);

  /// Writes run.toml and creates the logs, by name. @throws Error(output)
  void begin(const std::vector<std::string>& logs);

  /// The log of that number.
  void add(std::size_t log, std::string line);
  /// Hands the logs on, so that they can be read along.
  void flush();

  /// Writes model.safetensors, gives the logs their names, and writes templates.png where examples
  /// are pictures.
  void keep(const Classifier& model);

  /// Ends the run: what `keep` writes where that was not called or the model found no room, and
  /// last summary.json.
  void finish(const Classifier& model, const std::function<std::string()>& summary);

  [[nodiscard]] const std::filesystem::path& path() const { return directory_.path(); }

  /// What is missing: `FILE: why`.
  [[nodiscard]] std::vector<std::string> missing() const;

 private:
  struct Log {
    Log(const std::filesystem::path& directory, const std::string& n)
        : name(n), lines(directory / n) {}
    std::string name;
    LineLog lines;
    bool told = false;
  };
  struct Loss {
    std::string name;
    std::string why;
  };

  bool attempt(const std::string& name, const std::function<void()>& write);
  bool make_room();
  void lose(const std::string& name, std::string why);
  void tell_of_logs();

  ClaimedDirectory directory_;
  std::string configuration_;
  Warn warn_;
  std::deque<Log> logs_;
  std::vector<Loss> lost_;
  bool saved_ = false;
};

}  // namespace fallline
