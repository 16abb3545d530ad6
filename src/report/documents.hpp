#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ordered_json.hpp"

namespace fallline::report {

/// What a file may have that a page takes in: a browser has to hold it, too.
inline constexpr std::uint64_t most_document_bytes = std::uint64_t{1} << 30U;

/// A result that a report shows beside the runs: one JSON object with its kind.
struct Document {
  std::string file;
  std::string kind;
  Json content;
};

/// Reads a file that somebody named.
/// @throws Error(bad_input) where it is not one JSON object of a known kind and version;
///         Error(not_enough_memory)
[[nodiscard]] Document read_document(const std::filesystem::path& file, std::uint64_t memory_limit);

/// The results that lie in the directory of a run, in the order of their names. Of JSON files that
/// are none `notes` says why they are left out.
[[nodiscard]] std::vector<Document> documents_in(const std::filesystem::path& directory,
                                                 std::uint64_t memory_limit,
                                                 std::vector<std::string>& notes);

}  // namespace fallline::report
