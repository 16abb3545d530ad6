#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

#include "cgroup.hpp"

namespace fallline {
namespace {

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

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

/// What `ulimit -v` leaves of the address space.
std::uint64_t address_space_left() {
  struct rlimit limit {};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return unlimited;
  std::ifstream in("/proc/self/statm");
  std::uint64_t pages = 0;
  if (!(in >> pages)) return unlimited;
  const std::uint64_t used = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return limit.rlim_cur - std::min<std::uint64_t>(limit.rlim_cur, used);
}

}  // namespace

std::uint64_t available_memory() {
  return std::min({machine_available(), address_space_left(),
                   ControlGroups().memory_left().value_or(unlimited)});
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
