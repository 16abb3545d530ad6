#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace fallline {

/// Refuses, before the work, a place that its result could not be written to: where no file can be
/// created; where a file is that is not an earlier one of the same kind, as its first 4096 bytes
/// tell (an empty one is nobody's); or under the name of a file that runs write themselves.
/// @param what  names the kind: "a chart of this program"
/// @throws Error(output)
void require_replaceable(const std::filesystem::path& file, const std::string& what,
                         const std::function<bool(std::string_view head)>& same_kind);

}  // namespace fallline
