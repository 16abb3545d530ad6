#include "data/incomplete.hpp"

#include <fallline/error.hpp>
#include <system_error>

#include "files/regular_file.hpp"

namespace fallline::data {

void refuse_incomplete(const std::filesystem::path& path) {
  require_name(path);
  std::error_code ignored;
  const auto directory = std::filesystem::is_directory(path, ignored) ? path : path.parent_path();
  const auto mark = directory / incomplete_name;
  if (std::filesystem::exists(mark, ignored))
    throw bad_input({.file = path.string()},
                    "belongs to a set that is not whole: it is still being written, or that was "
                    "broken off",
                    "write it again with --overwrite; its mark is the file " + mark.string());
}

}  // namespace fallline::data
