#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fallline {

/// What a directory holds, without hidden entries and what ends in `.partial`, in the order of the
/// names' bytes.
struct Listing {
  std::vector<std::string> files;
  std::vector<std::string> directories;
};

/// @throws Error(bad_input) where it cannot be read, or an entry is neither file nor directory.
[[nodiscard]] Listing list_directory(const std::filesystem::path& path);

}  // namespace fallline
