#pragma once

#include <fallline/search/search.hpp>
#include <fallline/train/claimed_directory.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fallline {

/// Writes a search into a directory as it happens, in the files of a training run
/// (train/run_directory.hpp): history.jsonl has one line an attempt, with attempt, loss, objective
/// and best; model.safetensors has the best weights.
class SearchDirectory : public SearchListener {
 public:
  /// Is told once of each file that cannot be written, in a sentence.
  using Warn = std::function<void(const std::string&)>;

  /// @param directory      see `ClaimedDirectory`; it stays from the first attempt on
  /// @param configuration  the text of run.toml
  /// @throws as `ClaimedDirectory`; `on` throws Error(output) where the search cannot begin.
  SearchDirectory(ClaimedDirectory directory, std::string configuration, Warn warn = {});
  SearchDirectory(std::filesystem::path path, std::string configuration, Warn warn = {});
  ~SearchDirectory() override;

  void on(const SearchEvent& event) override;

  [[nodiscard]] const std::filesystem::path& path() const;

  /// What the directory lacks after the search, as `FILE: why`: look at it, as nothing is thrown.
  [[nodiscard]] std::vector<std::string> missing() const;

 private:
  struct Files;
  std::unique_ptr<Files> files_;
};

/// The result of a search as one JSON object (docs/run-directory.md lists the keys).
/// @param missing  what the run directory lacks, as `SearchDirectory::missing` says
[[nodiscard]] std::string summary_json(const SearchResult& result, const std::string& run_directory,
                                       const std::vector<std::string>& missing = {});

/// One line of history.jsonl, without the line's end.
[[nodiscard]] std::string history_line(const Attempt& attempt);

}  // namespace fallline
