#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fallline/error.hpp>
#include <memory>
#include <string>
#include <utility>

#include "data/incomplete.hpp"
#include "data/save/place.hpp"
#include "files/directory_lock.hpp"
#include "files/mappings.hpp"

namespace fallline::data {
namespace {

namespace fs = std::filesystem;

/// So many names are tried for a directory that is not whole yet.
constexpr int most_directories = 16;

void write(const OutputFile& file, const fs::path& path) {
  AtomicFile out(path);
  file.write(out);
  require_mappings();
  out.commit();
}

void mark(const fs::path& directory) {
  write_file(directory / incomplete_name,
             "The files of this directory are not a whole set: it is being written, or that was "
             "broken off.\n");
}

/// Removes the plain files of a directory and the directory, where it has nothing else.
bool remove_flat(const fs::path& directory) noexcept {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!entry->is_regular_file(error) || entry->is_symlink(error)) return false;
    // The mark goes last: until then the directory can be told for what it is.
    const bool last = entry->path().filename() == incomplete_name;
    files.insert(last ? files.end() : files.begin(), entry->path());
  }
  for (const fs::path& file : files) fs::remove(file, error);
  return !error && ::rmdir(directory.c_str()) == 0;
}

/// A directory beside `path` in which a set is made; removed with all of it unless it was renamed.
class Workshop {
 public:
  explicit Workshop(const fs::path& path) : parents_(make_parents(path)) {
    for (int n = 1; n <= 2 * most_directories && !open_; ++n) try_name(path, n);
    if (!open_) throw_unwritten(path, "no directory can be made beside it");
  }
  ~Workshop() {
    if (!open_) return;
    remove_flat(path_);
    remove_empty(parents_);
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

  void rename_to(const fs::path& target) {
    flush_directory(path_);
    if (::rename(path_.c_str(), target.c_str()) != 0)
      throw_unwritten(target, "cannot be renamed into place");
    open_ = false;
    flush_directory(target.parent_path());
  }

 private:
  static std::vector<fs::path> make_parents(const fs::path& path) {
    return path.has_parent_path() ? make_directories(path.parent_path()) : std::vector<fs::path>{};
  }

  void try_name(const fs::path& path, int n) {
    const bool shortened = n > most_directories;
    path_ = path;
    path_.replace_filename(
        partial_name(path.filename().string(), shortened ? n - most_directories : n, shortened));
    // A second time where a killed process left one.
    for (int attempt = 0; attempt < 2 && !open_; ++attempt) {
      if (::mkdir(path_.c_str(), 0777) == 0) {
        lock_ = DirectoryLock(path_);
        open_ = lock_.state() == DirectoryLock::State::held ||
                lock_.state() == DirectoryLock::State::none;
      } else if (errno != EEXIST || !remove_leftover()) {
        return;
      }
    }
  }

  /// What lies there without a lock is of a killed process where it has the mark, or nothing.
  [[nodiscard]] bool remove_leftover() const {
    std::error_code ignored;
    if (!fs::is_directory(fs::symlink_status(path_, ignored))) return false;
    const DirectoryLock lock(path_);
    if (lock.state() != DirectoryLock::State::held) return false;
    const fs::path mark = path_ / incomplete_name;
    const bool marked = fs::exists(mark, ignored) ||
                        fs::exists(path_ / partial_name(incomplete_name, 1, false), ignored);
    return marked ? remove_flat(path_) : ::rmdir(path_.c_str()) == 0;
  }

  std::vector<fs::path> parents_;
  fs::path path_;
  DirectoryLock lock_;
  bool open_ = false;
};

void write_new(const std::vector<OutputFile>& files, const fs::path& path) {
  Workshop workshop(path);
  mark(workshop.path());
  for (const OutputFile& file : files) write(file, workshop.path() / file.path.filename());
  fs::remove(workshop.path() / incomplete_name);
  workshop.rename_to(path);
}

/// All files are complete before the first one has its name; from the first to the last of these
/// moments the mark lies beside them.
void write_into(const std::vector<OutputFile>& files, const fs::path& path) {
  const DirectoryLock lock(path);
  if (lock.state() == DirectoryLock::State::taken)
    throw Error(ErrorKind::output, {.file = path.string()}, "another process is writing there",
                "choose another place, or wait for its end");
  std::vector<std::unique_ptr<AtomicFile>> written;
  for (const OutputFile& file : files) {
    written.push_back(std::make_unique<AtomicFile>(file.path));
    file.write(*written.back());
    written.back()->flush();
  }
  require_mappings();
  mark(path);
  for (const auto& file : written) file->commit();
  fs::remove(path / incomplete_name);
  flush_directory(path);
}

}  // namespace

void write_set(const std::vector<OutputFile>& files, const fs::path& path) {
  if (files.front().path == path) return write(files.front(), path);
  const fs::path target = path.has_filename() ? path : path.parent_path();
  if (fs::exists(target))
    write_into(files, target);
  else
    write_new(files, target);
}

}  // namespace fallline::data
