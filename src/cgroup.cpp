#include "cgroup.hpp"

#include <algorithm>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace fallline {
namespace {

namespace fs = std::filesystem;

template <class T>
void keep_least(std::optional<T>& least, const std::optional<T>& found) {
  if (found && (!least || *found < *least)) least = found;
}

/// Nothing where the file is missing or begins otherwise, with "max" for one.
std::optional<std::uint64_t> number_in(const fs::path& file) {
  std::ifstream in(file);
  std::uint64_t value = 0;
  return in >> value ? std::optional(value) : std::nullopt;
}

std::optional<double> quotient(std::istream& in) {
  double quota = 0;
  double period = 0;
  if (!(in >> quota >> period) || quota <= 0 || period <= 0) return std::nullopt;
  return quota / period;
}

/// The names that the two versions have for the same things.
struct MemoryFiles {
  const char* limit;
  const char* used;
  std::string_view cache;   ///< of memory.stat
  std::string_view shared;  ///< part of it that cannot be given back
};
constexpr MemoryFiles memory_v2{"memory.max", "memory.current", "file", "shmem"};
constexpr MemoryFiles memory_v1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_cache",
                                "total_shmem"};

std::uint64_t given_back_on_demand(const fs::path& stat, const MemoryFiles& names) {
  std::ifstream in(stat);
  std::string key;
  std::uint64_t value = 0;
  std::uint64_t cache = 0;
  std::uint64_t shared = 0;
  while (in >> key >> value) {
    if (key == names.cache) cache = value;
    if (key == names.shared) shared = value;
  }
  return cache - std::min(cache, shared);
}

std::optional<std::uint64_t> left_in(const fs::path& group, const MemoryFiles& names) {
  const auto limit = number_in(group / names.limit);
  const auto used = number_in(group / names.used);
  if (!limit || !used) return std::nullopt;
  const std::uint64_t held =
      *used - std::min(*used, given_back_on_demand(group / "memory.stat", names));
  return *limit - std::min(*limit, held);
}

std::optional<double> cpus_v2(const fs::path& group) {
  std::ifstream in(group / "cpu.max");
  return quotient(in);
}

std::optional<double> cpus_v1(const fs::path& group) {
  const auto quota = number_in(group / "cpu.cfs_quota_us");  // -1: none
  const auto period = number_in(group / "cpu.cfs_period_us");
  constexpr std::uint64_t most = 1'000'000'000'000;  // what -1 becomes as unsigned is none
  if (!quota || !period || *quota == 0 || *quota > most || *period == 0) return std::nullopt;
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

bool lists(std::string_view controllers, std::string_view wanted) {
  while (!controllers.empty()) {
    const std::size_t comma = std::min(controllers.find(','), controllers.size());
    if (controllers.substr(0, comma) == wanted) return true;
    controllers.remove_prefix(std::min(comma + 1, controllers.size()));
  }
  return false;
}

}  // namespace

ControlGroups::ControlGroups(const fs::path& root) {
  const fs::path mount = root / "sys/fs/cgroup";
  std::ifstream in(root / "proc/self/cgroup");
  // `NUMBER:CONTROLLERS:GROUP`; of v2 there are no controllers.
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    const auto of_v1 = [&](const char* name) {
      std::error_code error;
      return nested(fs::exists(mount / name, error) ? mount / name : mount / controllers, group);
    };
    if (controllers.empty()) unified_ = nested(mount, group);
    if (lists(controllers, "memory")) memory_ = of_v1("memory");
    if (lists(controllers, "cpu")) cpu_ = of_v1("cpu");
  }
  // Without a table the root's limits are still there to be read.
  if (unified_.empty()) unified_ = nested(mount, "/");
  if (memory_.empty()) memory_ = nested(mount / "memory", "/");
  if (cpu_.empty()) cpu_ = nested(mount / "cpu", "/");
}

ControlGroups::Directories ControlGroups::nested(const fs::path& mount, const std::string& group) {
  // In a container the group may be named as the host sees it: then what is mounted is the group.
  fs::path below = fs::path(group).lexically_normal().relative_path();
  if (!below.empty() && *below.begin() == "..") below.clear();
  Directories found;
  std::error_code error;
  for (;; below = below.parent_path()) {
    if (fs::is_directory(mount / below, error)) found.push_back(mount / below);
    if (below.empty()) return found;
  }
}

std::optional<std::uint64_t> ControlGroups::memory_left() const {
  std::optional<std::uint64_t> least;
  for (const fs::path& group : unified_) keep_least(least, left_in(group, memory_v2));
  for (const fs::path& group : memory_) keep_least(least, left_in(group, memory_v1));
  return least;
}

std::optional<double> ControlGroups::cpus() const {
  std::optional<double> least;
  for (const fs::path& group : unified_) keep_least(least, cpus_v2(group));
  for (const fs::path& group : cpu_) keep_least(least, cpus_v1(group));
  return least;
}

}  // namespace fallline
