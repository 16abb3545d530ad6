#pragma once

#include <filesystem>
#include <string_view>

namespace fallline {

/// Writes a result, such as `tune::json` gives it, into a file that a report takes in: one JSON
/// object with its "kind". It appears when it is complete.
/// @throws Error(output)
void write_document(const std::filesystem::path& file, std::string_view json);

}  // namespace fallline
