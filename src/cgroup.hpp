#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fallline {

/// What control groups, v1 and v2, allow this process. A group's limit holds for all that are
/// nested in it, so each figure is the least over the process's own group and all above it.
class ControlGroups {
 public:
  /// @param root  of the file system that has proc/self/cgroup and sys/fs/cgroup
  explicit ControlGroups(const std::filesystem::path& root = "/");

  /// Bytes that the memory limits leave, where pages that only cache files count as free; nothing
  /// where no group has a limit.
  [[nodiscard]] std::optional<std::uint64_t> memory_left() const;

  /// CPUs that the quotas are worth, 1.5 for 150 ms of each 100; nothing where no group has one.
  [[nodiscard]] std::optional<double> cpus() const;

 private:
  using Directories = std::vector<std::filesystem::path>;
  /// Those that exist, from the process's own up to the root of `mount`.
  [[nodiscard]] static Directories nested(const std::filesystem::path& mount,
                                          const std::string& group);

  Directories unified_;  ///< v2
  Directories memory_;   ///< v1
  Directories cpu_;      ///< v1
};

}  // namespace fallline
