#include "files/replaceable.hpp"

#include <algorithm>
#include <array>
#include <fallline/error.hpp>

#include "files/atomic_file.hpp"
#include "files/regular_file.hpp"

namespace fallline {
namespace {

constexpr std::array<std::string_view, 6> files_of_runs{"run.toml",          "history.jsonl",
                                                        "epochs.jsonl",      "templates.png",
                                                        "model.safetensors", "summary.json"};

Error refusal(const std::filesystem::path& file, const std::string& problem) {
  return {ErrorKind::output,
          {.file = file.string()},
          problem,
          "choose another name, or remove it first"};
}

/// The first bytes; none where there is no such file.
std::string head_of(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  std::array<char, 4096> head{};
  try {
    return {head.data(), RegularFile(file).read(head)};
  } catch (const Error&) {
    throw refusal(file, "cannot be read, so that nobody knows whose it is");
  }
}

}  // namespace

void require_replaceable(const std::filesystem::path& file, const std::string& what,
                         const std::function<bool(std::string_view head)>& same_kind) {
  if (std::ranges::find(files_of_runs, file.filename().string()) != files_of_runs.end())
    throw refusal(file, "is the name of a file that runs write themselves");
  const AtomicFile can_be_created(file);
  const std::string head = head_of(file);
  if (!head.empty() && !same_kind(head)) throw refusal(file, "exists, and is not " + what);
}

}  // namespace fallline
