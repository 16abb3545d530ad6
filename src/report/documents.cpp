#include "report/documents.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <fallline/report/document.hpp>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include "files/atomic_file.hpp"
#include "files/listing.hpp"
#include "report/text.hpp"

namespace fallline::report {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 9> kinds{
    "gradcheck",        "landscape",   "paths",
    "search",           "sweep-lr",    "sweep-lr-range",
    "sweep-batch-size", "sweep-train", "sweep-gradient-noise"};
constexpr int newest_version = 1;

std::string whole(const fs::path& file, std::uint64_t memory_limit) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(file, error);
  std::ifstream in(file, std::ios::binary);
  if (error || !in)
    throw bad_input({.file = file.string()}, "cannot be read", "is it there, and a readable file?");
  // A number takes 16 bytes once it is read, and as few as two in the file.
  constexpr std::uint64_t growth = 10;
  require_memory(growth * bytes, memory_limit, file.string(), "leave the file out");
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

Document read_document(const fs::path& file, std::uint64_t memory_limit) {
  Json json = Json::parse(whole(file, memory_limit), nullptr, false);
  const auto refuse = [&](const std::string& problem) {
    return bad_input({.file = file.string()}, problem,
                     fmt::format("the report takes what these print with --format json or write "
                                 "with --output: {}",
                                 fmt::join(kinds, ", ")));
  };
  if (!json.is_object()) throw refuse("is not one JSON object");
  const auto kind = json.find("kind");
  if (kind == json.end() || !kind->is_string()) throw refuse("does not say of what \"kind\" it is");
  auto name = kind->get<std::string>();
  if (std::ranges::find(kinds, name) == kinds.end())
    throw refuse(fmt::format("is of the kind '{}', which the report does not know", name));
  if (const auto version = json.find("version");
      version != json.end() && *version != newest_version)
    throw refuse(fmt::format("is of version {}; this program reads version {}", version->dump(),
                             newest_version));
  shorten(json);
  return {.file = file.string(), .kind = std::move(name), .content = std::move(json)};
}

std::vector<Document> documents_in(const fs::path& directory, std::uint64_t memory_limit,
                                   std::vector<std::string>& notes) {
  std::vector<Document> found;
  for (const std::string& name : list_directory(directory).files) {
    if (!name.ends_with(".json") || name == "summary.json") continue;
    try {
      found.push_back(read_document(directory / name, memory_limit));
    } catch (const Error& error) {
      notes.push_back(fmt::format("{} is left out: {}", name, error.problem()));
    }
  }
  return found;
}

}  // namespace fallline::report

namespace fallline {

void write_document(const std::filesystem::path& file, std::string_view json) {
  write_file(file, json);
}

}  // namespace fallline
