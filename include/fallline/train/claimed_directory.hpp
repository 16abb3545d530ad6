#pragma once

#include <filesystem>
#include <memory>

namespace fallline {

/// A directory that belongs to one run, from before its data are read until the claim goes.
///
/// It is locked; the lock goes with the process, however that ends. What had to be made for it is
/// removed again by a claim that goes without `keep`, as far as it is empty. On a file system
/// without locks only `fresh` keeps two runs apart.
class ClaimedDirectory {
 public:
  /// Claims `path`, which is made with its parents.
  /// @throws Error(usage) where it holds a run, or files that a run would replace, or another run
  ///         writes there; Error(output) where it cannot be made
  explicit ClaimedDirectory(std::filesystem::path path);

  /// Makes a directory in `parent`, named by the present date and time; of two that are made in one
  /// second the other ends in -2, and so on. @throws Error(output)
  [[nodiscard]] static ClaimedDirectory fresh(const std::filesystem::path& parent);

  ~ClaimedDirectory();
  ClaimedDirectory(ClaimedDirectory&&) noexcept;
  ClaimedDirectory& operator=(ClaimedDirectory&&) noexcept;

  [[nodiscard]] const std::filesystem::path& path() const;

  /// From now on it stays.
  void keep();

 private:
  struct State;
  explicit ClaimedDirectory(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fallline
