#include "files/listing.hpp"

#include <algorithm>
#include <fallline/error.hpp>
#include <system_error>

namespace fallline {
namespace {

void add(Listing& listing, const std::filesystem::path& entry) {
  std::string name = entry.filename().string();
  if (name.starts_with('.') || name.ends_with(".partial")) return;
  std::error_code error;
  const auto status = std::filesystem::status(entry, error);
  if (std::filesystem::is_directory(status)) {
    listing.directories.push_back(std::move(name));
  } else if (std::filesystem::is_regular_file(status)) {
    listing.files.push_back(std::move(name));
  } else {
    throw bad_input(
        {.file = entry.string()},
        error ? "cannot be examined: " + error.message() : "is neither a file nor a directory",
        "remove it, or repair what it points to");
  }
}

}  // namespace

Listing list_directory(const std::filesystem::path& path) {
  Listing listing;
  std::error_code error;
  std::filesystem::directory_iterator entry(path, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
    add(listing, entry->path());
  if (error) throw bad_input({.file = path.string()}, "cannot be listed: " + error.message());
  std::ranges::sort(listing.files);
  std::ranges::sort(listing.directories);
  return listing;
}

}  // namespace fallline
