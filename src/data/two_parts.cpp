#include "data/two_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fallline/error.hpp>
#include <string_view>

#include "files/listing.hpp"

namespace fallline::data {
namespace {

/// In the order of preference.
constexpr std::array<std::string_view, 4> seconds{"test", "val", "valid", "validation"};

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

TwoParts parts(const std::filesystem::path& directory, const std::string& train,
               const std::string& test) {
  return {directory / train,
          directory / test,
          {fmt::format("{} is the training part, {} the test part", train, test)}};
}

/// The name of the other part of the file `name`, or nothing.
std::string partner(const std::vector<std::string>& files, const std::string& name) {
  if (holds(files, name + ".t")) return name + ".t";
  const std::size_t at = name.find("train");
  if (at == std::string::npos) return {};
  for (const std::string_view second : seconds) {
    std::string other = name;
    other.replace(at, 5, second);
    if (holds(files, other)) return other;
  }
  return {};
}

}  // namespace

std::optional<TwoParts> two_folders(const std::filesystem::path& directory) {
  const std::vector<std::string> folders = list_directory(directory).directories;
  if (!holds(folders, "train")) return std::nullopt;
  const auto second = std::ranges::find_if(
      seconds, [&folders](std::string_view name) { return holds(folders, name); });
  if (second == seconds.end()) return std::nullopt;
  TwoParts found = parts(directory, "train", std::string(*second));
  for (const std::string& folder : folders)
    if (folder != "train" && folder != *second) found.notes.push_back(folder + " is left out");
  return found;
}

std::optional<TwoParts> two_files(const std::filesystem::path& directory) {
  const std::vector<std::string> files = list_directory(directory).files;
  std::optional<TwoParts> found;
  for (const std::string& name : files) {
    const std::string other = partner(files, name);
    if (other.empty()) continue;
    if (found)
      throw bad_input({.file = directory.string()},
                      fmt::format("holds two pairs of files: {} is one training part, {} another",
                                  found->train.filename().string(), name),
                      "put each pair in a directory of its own");
    found = parts(directory, name, other);
  }
  return found;
}

}  // namespace fallline::data
