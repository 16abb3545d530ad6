#pragma once

#include <fallline/search/search.hpp>
#include <filesystem>
#include <memory>
#include <string>

namespace fallline {

/// Writes a search into a directory as it happens, in the files of a training run
/// (train/run_directory.hpp): history.jsonl has one line an attempt, with attempt, loss, objective
/// and best; model.safetensors has the best weights.
class SearchDirectory : public SearchListener {
 public:
  /// @param path           created with its parents when the search starts
  /// @param configuration  the text of run.toml
  /// @throws Error(usage) where `path` holds a run already; `on` throws Error(output).
  SearchDirectory(std::filesystem::path path, std::string configuration);
  ~SearchDirectory() override;

  void on(const SearchEvent& event) override;

  [[nodiscard]] const std::filesystem::path& path() const;

 private:
  struct Files;
  std::unique_ptr<Files> files_;
};

/// The result of a search as one JSON object (docs/run-directory.md lists the keys).
[[nodiscard]] std::string summary_json(const SearchResult& result,
                                       const std::string& run_directory);

/// One line of history.jsonl, without the line's end.
[[nodiscard]] std::string history_line(const Attempt& attempt);

}  // namespace fallline
