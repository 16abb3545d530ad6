#pragma once

#include <fallline/train/events.hpp>
#include <fallline/train/train.hpp>
#include <filesystem>
#include <memory>
#include <string>

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
/// A file is there under its name only when it is complete; until then it ends in `.partial`.
class RunDirectory : public Listener {
 public:
  /// @param path           created with its parents when the run starts
  /// @param configuration  the text of run.toml
  /// @throws Error(usage) where `path` holds a run already; `on` throws Error(output).
  RunDirectory(std::filesystem::path path, std::string configuration);
  ~RunDirectory() override;

  void on(const Event& event) override;

  [[nodiscard]] const std::filesystem::path& path() const;

  /// A name in `parent` that no run has yet, from the present date and time.
  [[nodiscard]] static std::filesystem::path fresh(const std::filesystem::path& parent);

 private:
  struct Files;
  std::unique_ptr<Files> files_;
};

/// The result of a run as one JSON object (docs/run-directory.md lists the keys).
[[nodiscard]] std::string summary_json(const TrainResult& result, const std::string& run_directory);

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
