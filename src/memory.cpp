#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <fstream>
#include <limits>
#include <optional>

namespace fallline {
namespace {

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

std::optional<std::uint64_t> number_in(const char* file) {
  std::ifstream in(file);
  std::uint64_t value = 0;
  return in >> value ? std::optional(value) : std::nullopt;
}

/// `key value` (any separator of blanks or a colon) in a kernel table, in bytes.
std::optional<std::uint64_t> entry_in(const char* file, std::string_view key) {
  std::ifstream in(file);
  std::string word;
  while (in >> word) {
    std::uint64_t value = 0;
    if (word == key && in >> value) return value;
  }
  return std::nullopt;
}

std::uint64_t machine_available() {
  const auto kib = entry_in("/proc/meminfo", "MemAvailable:");
  return kib ? *kib * 1024 : unlimited;
}

/// What a control group leaves: its limit less what is used, where cached files do not count.
std::uint64_t group_available(const char* limit_file, const char* used_file, const char* stat_file,
                              std::string_view cache_key) {
  const auto limit = number_in(limit_file);
  const auto used = number_in(used_file);
  if (!limit || !used) return unlimited;  // "max", or no such group
  const std::uint64_t cache = entry_in(stat_file, cache_key).value_or(0);
  const std::uint64_t held = *used - std::min(*used, cache);
  return *limit - std::min(*limit, held);
}

}  // namespace

std::uint64_t available_memory() {
  return std::min({machine_available(),
                   group_available("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current",
                                   "/sys/fs/cgroup/memory.stat", "file"),
                   group_available("/sys/fs/cgroup/memory/memory.limit_in_bytes",
                                   "/sys/fs/cgroup/memory/memory.usage_in_bytes",
                                   "/sys/fs/cgroup/memory/memory.stat", "cache")});
}

void require_memory(std::uint64_t needed, std::uint64_t limit, std::string_view what,
                    std::string_view advice) {
  const std::uint64_t available = limit != 0 ? limit : available_memory();
  if (needed <= available) return;
  // What is needed grows about in proportion to the data.
  const double share = 100 * static_cast<double>(available) / static_cast<double>(needed);
  throw Error(
      ErrorKind::not_enough_memory,
      fmt::format("{} needs {}, and {} {}", what, format_bytes(needed), format_bytes(available),
                  limit != 0 ? "is allowed" : "is available"),
      fmt::format("about {:.2g} % of it would fit{}{}", share, advice.empty() ? "" : ": ", advice));
}

std::string format_bytes(std::uint64_t bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

}  // namespace fallline
