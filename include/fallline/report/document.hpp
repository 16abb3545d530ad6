#pragma once

#include <filesystem>
#include <initializer_list>
#include <string_view>

namespace fallline {

/// Writes a result, such as `tune::json` gives it, into a file that a report takes in: one JSON
/// object with its "kind". It appears when it is complete.
/// @throws Error(output)
void write_document(const std::filesystem::path& file, std::string_view json);

/// To be asked before the work whose result is to be written there: can a file be created, and is
/// one that is there an earlier result of one of these kinds? It is where it begins with
/// `{"kind": "KIND"`. The names of the files of a run are refused.
/// @throws Error(output)
void require_document_place(const std::filesystem::path& file,
                            std::initializer_list<std::string_view> kinds);

}  // namespace fallline
