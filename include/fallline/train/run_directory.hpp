#pragma once

#include <fallline/train/claimed_directory.hpp>
#include <fallline/train/events.hpp>
#include <fallline/train/train.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fallline {

/// Writes a run into a directory as it happens:
///
///     run.toml            everything needed to repeat the run
///     history.jsonl       one line a step: step, epoch, examples, loss, objective, rate,
///                         gradient_norm; a number that is not finite is null, with "finite":false
///     epochs.jsonl        one line an epoch: seconds, training and validation figures
///     model.safetensors   the model (model_file.hpp)
///     templates.png       the learned weights as one picture a class, where examples are pictures
///     summary.json        what `summary_json` says
///
/// A file is there under its name only when it is complete; until then it ends in `.partial`. The
/// model is written first. From the first step on nothing that cannot be written ends the run: it
/// is told, and listed in `missing`. A full disk costs the histories before it costs the model.
class RunDirectory : public Listener {
 public:
  /// Is told once of each file that cannot be written, in a sentence.
  using Warn = std::function<void(const std::string&)>;

  /// @param directory      see `ClaimedDirectory`; it stays from the first step on
  /// @param configuration  the text of run.toml
  /// @throws as `ClaimedDirectory`; `on` throws Error(output) where the run cannot begin.
  RunDirectory(ClaimedDirectory directory, std::string configuration, Warn warn = {});
  RunDirectory(std::filesystem::path path, std::string configuration, Warn warn = {});
  ~RunDirectory() override;

  void on(const Event& event) override;

  [[nodiscard]] const std::filesystem::path& path() const;

  /// What the directory lacks after the run, as `FILE: why`: look at it, as nothing is thrown.
  [[nodiscard]] std::vector<std::string> missing() const;

  /// `ClaimedDirectory::fresh`: a new directory in `parent`, named by the present date and time.
  [[nodiscard]] static ClaimedDirectory fresh(const std::filesystem::path& parent);

 private:
  struct Files;
  std::unique_ptr<Files> files_;
};

/// The result of a run as one JSON object (docs/run-directory.md lists the keys).
/// @param missing  what the run directory lacks, as `RunDirectory::missing` says
[[nodiscard]] std::string summary_json(const TrainResult& result, const std::string& run_directory,
                                       const std::vector<std::string>& missing = {});

/// An evaluation as one JSON object.
/// @param certificate  of the same model and data; null: none
[[nodiscard]] std::string evaluation_json(const Evaluation& evaluation,
                                          const std::vector<std::string>& class_names,
                                          const Certificate* certificate = nullptr);

/// One line of history.jsonl, without the line's end.
[[nodiscard]] std::string history_line(const StepTaken& step);

/// One line of epochs.jsonl, without the line's end.
[[nodiscard]] std::string epoch_line(const EpochEnded& epoch);

}  // namespace fallline
