#pragma once

#include <cerrno>
#include <fallline/error.hpp>
#include <filesystem>
#include <string>

namespace fallline {

/// A place that has no room left: where room can be made, what failed is worth trying again.
class NoRoom : public Error {
 public:
  using Error::Error;
};

/// `WHAT: REASON` about a file that cannot be written; the reason is that of `error`, an errno.
/// Throws a `NoRoom` where the disk or a quota is full. @throws Error(output)
[[noreturn]] void throw_unwritten(const std::filesystem::path& path, const std::string& what,
                                  int error = errno);

/// Refuses, before anything is written, what could not or must not become a file: a directory, a
/// device, a name that is too long. A file that is there already is no reason.
/// @throws Error(output)
void require_writable_name(const std::filesystem::path& path);

/// A file beside `path` to be written and renamed, open and locked by this process.
struct PartialFile {
  std::filesystem::path name;
  int descriptor = -1;
};

/// Creates `NAME.partial`, exclusively and following no link.
///
/// The lock goes with the process: a regular file of that name without one is what a killed process
/// left, and is replaced. What another process writes, a link, a directory or a file of somebody
/// else stays as it is, and the name is then `NAME.2.partial` and so on. Where the file system has
/// no name as long, the beginning of NAME and a digest stand for it.
/// @throws Error(output)
[[nodiscard]] PartialFile create_partial(const std::filesystem::path& path);

/// The name of the n-th try, from 1; `shortened` to 100 bytes.
[[nodiscard]] std::string partial_name(const std::string& name, int n, bool shortened);

}  // namespace fallline
