#pragma once

#include <filesystem>
#include <string>

namespace fallline::landscape {

/// Writes the JSON of a slice or of paths; the file appears when it is complete. In a run
/// directory, as `landscape.json` or `paths.json`, it is part of the run's report.
/// @throws Error(output)
void save(const std::string& json, const std::filesystem::path& file);

}  // namespace fallline::landscape
