#pragma once

#include <filesystem>

namespace fallline::data {

/// A file of this name says that the set around it is being written, or that this was broken off.
inline constexpr const char* incomplete_name = "INCOMPLETE";

/// @throws Error(bad_input) where `path` is a directory with that file, or a file beside it
void refuse_incomplete(const std::filesystem::path& path);

}  // namespace fallline::data
