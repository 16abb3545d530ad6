#include "report/documents.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fallline/error.hpp>
#include <fallline/report/document.hpp>
#include <string_view>
#include <system_error>

#include "files/atomic_file.hpp"
#include "files/regular_file.hpp"
#include "files/replaceable.hpp"
#include "json_text.hpp"
#include "report/text.hpp"

namespace fallline::report {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 9> kinds{
    "gradcheck",        "landscape",   "paths",
    "search",           "sweep-lr",    "sweep-lr-range",
    "sweep-batch-size", "sweep-train", "sweep-gradient-noise"};
constexpr int newest_version = 1;

/// The names of the JSON files in a directory, sorted; also of what only looks like one.
std::vector<std::string> json_names(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code error;
  fs::directory_iterator entry(directory, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (name.ends_with(".json") && !name.starts_with('.') && name != "summary.json")
      names.push_back(std::move(name));
  }
  if (error) throw bad_input({.file = directory.string()}, "cannot be listed: " + error.message());
  std::ranges::sort(names);
  return names;
}

}  // namespace

Document read_document(const fs::path& file, std::uint64_t memory_limit) {
  Json json = parse_json<Json>(read_small_file(file, most_document_bytes, memory_limit),
                               {.file = file.string()}, ordered_bounds, memory_limit);
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
  for (const std::string& name : json_names(directory)) {
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
namespace {

/// Whether a text begins with these tokens, whatever white space there is.
bool begins_with(std::string_view text, std::initializer_list<std::string> tokens) {
  for (const std::string& token : tokens) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    if (!text.starts_with(token)) return false;
    text.remove_prefix(token.size());
  }
  return true;
}

}  // namespace

void require_document_place(const std::filesystem::path& file,
                            std::initializer_list<std::string_view> kinds) {
  require_replaceable(
      file, fmt::format("an earlier result of the kind {}", fmt::join(kinds, " or ")),
      [&](std::string_view head) {
        return std::ranges::any_of(kinds, [head](std::string_view kind) {
          return begins_with(head, {"{", "\"kind\"", ":", fmt::format("\"{}\"", kind)});
        });
      });
}

void write_document(const std::filesystem::path& file, std::string_view json) {
  write_file(file, json);
}

}  // namespace fallline
