#pragma once

#include <filesystem>
#include <vector>

#include "data/save/writer.hpp"

namespace fallline::data {

/// @throws Error(output) where one of the files exists, unless it may be overwritten or the mark of
///         an incomplete set lies there; or where others would be mixed with them
void refuse_what_exists(const std::vector<OutputFile>& files, const std::filesystem::path& path,
                        bool overwrite);

/// Writes the files of a set, so that it appears as a whole: `path` itself, or files right below
/// it. @throws Error(output), std::filesystem::filesystem_error
void write_set(const std::vector<OutputFile>& files, const std::filesystem::path& path);

}  // namespace fallline::data
