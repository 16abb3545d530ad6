#include "data/save/place.hpp"

#include <algorithm>
#include <fallline/data/save.hpp>
#include <fallline/error.hpp>
#include <set>
#include <string>

#include "data/incomplete.hpp"

namespace fallline {
namespace {

namespace fs = std::filesystem;

constexpr const char* choose_or_overwrite = "choose another place, or ask to overwrite it";

Error exists(const fs::path& path, const char* advice) {
  return {ErrorKind::output, {.file = path.string()}, "exists already", advice};
}

/// A mark, or what a process that was killed may have left.
bool is_leftover(const fs::path& entry) {
  return entry.filename() == data::incomplete_name || entry.extension() == ".partial";
}

}  // namespace

void data::refuse_what_exists(const std::vector<OutputFile>& files, const fs::path& path,
                              bool overwrite) {
  const bool replace = overwrite || fs::exists(path / incomplete_name);
  std::set<fs::path> ours;
  for (const OutputFile& file : files) {
    ours.insert(file.path);
    if (fs::is_directory(file.path))
      throw exists(file.path, "it is a directory: choose another name");
    if (!replace && fs::exists(file.path)) throw exists(file.path, choose_or_overwrite);
  }
  if (ours.contains(path) || !fs::exists(path)) return;
  if (!fs::is_directory(path)) throw exists(path, "a directory is needed: choose another place");
  for (const auto& entry : fs::directory_iterator(path))
    if (!ours.contains(path / entry.path().filename()) && !is_leftover(entry.path()))
      throw exists(entry.path(),
                   "it would be mixed with what is written: choose an empty directory");
}

void require_save_place(const fs::path& path, const SaveOptions& options) {
  try {
    if (!fs::is_directory(path)) {
      require_writable_name(path);
      if (fs::exists(path) && !options.overwrite) throw exists(path, choose_or_overwrite);
      return;
    }
    if (options.overwrite || fs::exists(path / data::incomplete_name)) return;
    for (const auto& entry : fs::directory_iterator(path))
      if (!is_leftover(entry.path())) throw exists(entry.path(), choose_or_overwrite);
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorKind::output, {.file = path.string()}, error.code().message(),
                "choose another place to write to");
  }
}

}  // namespace fallline
