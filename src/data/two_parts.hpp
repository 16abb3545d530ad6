#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fallline::data {

/// Where a directory keeps a training and a test part, each readable by itself.
struct TwoParts {
  std::filesystem::path train;
  std::filesystem::path test;
  std::vector<std::string> notes;
};

/// Folders `train` and `test`, else `train` and a folder of validation examples.
[[nodiscard]] std::optional<TwoParts> two_folders(const std::filesystem::path& directory);

/// Files whose names differ in `train` and `test` alone, or `NAME` and `NAME.t`.
/// @throws Error(bad_input) where there are two such pairs.
[[nodiscard]] std::optional<TwoParts> two_files(const std::filesystem::path& directory);

}  // namespace fallline::data
