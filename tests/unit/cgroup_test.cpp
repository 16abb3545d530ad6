#include "cgroup.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/scratch.hpp"

namespace fallline {
namespace {

/// A file system of its own, with the tables that the kernel would show.
class Groups {
 public:
  explicit Groups(const std::string& own) { root_.file("proc/self/cgroup", own); }
  Groups& has(const std::string& file, const std::string& content) {
    root_.file("sys/fs/cgroup/" + file, content);
    return *this;
  }
  [[nodiscard]] ControlGroups read() const { return ControlGroups(root_.path()); }

 private:
  test::Scratch root_;
};

TEST(ControlGroups, OfNestedGroupsTheOneThatLeavesLeastCounts) {
  Groups groups("0::/user.slice/job\n");
  groups.has("memory.max", "max\n").has("memory.current", "5000\n");
  groups.has("user.slice/memory.max", "3000\n").has("user.slice/memory.current", "2900\n");
  groups.has("user.slice/job/memory.max", "1000\n").has("user.slice/job/memory.current", "400\n");
  EXPECT_EQ(groups.read().memory_left(), 100U);
  groups.has("user.slice/memory.current", "1000\n");
  EXPECT_EQ(groups.read().memory_left(), 600U);
}

TEST(ControlGroups, FilesInMemoryCountAsFreeAndWhatIsSharedDoesNot) {
  Groups groups("0::/job\n");
  groups.has("job/memory.max", "1000\n").has("job/memory.current", "900\n");
  groups.has("job/memory.stat", "anon 200\nfile 700\nshmem 300\n");
  EXPECT_EQ(groups.read().memory_left(), 1000U - (900 - 400));
}

TEST(ControlGroups, TheFirstVersionNamesEachHierarchyByItsController) {
  Groups groups("5:devices:/\n4:memory:/slurm/job:7\n3:cpu,cpuacct:/slurm\n0::/\n");
  groups.has("memory/memory.limit_in_bytes", "9223372036854771712\n");
  groups.has("memory/memory.usage_in_bytes", "100\n");
  groups.has("memory/slurm/job:7/memory.limit_in_bytes", "4096\n");
  groups.has("memory/slurm/job:7/memory.usage_in_bytes", "96\n");
  groups.has("cpu,cpuacct/cpu.cfs_quota_us", "-1\n").has("cpu,cpuacct/cpu.cfs_period_us", "100\n");
  groups.has("cpu,cpuacct/slurm/cpu.cfs_quota_us", "250\n");
  groups.has("cpu,cpuacct/slurm/cpu.cfs_period_us", "100\n");
  EXPECT_EQ(groups.read().memory_left(), 4000U);
  EXPECT_EQ(groups.read().cpus(), 2.5);
}

TEST(ControlGroups, QuotasOfCpusAreTheLeastOnTheWayUp) {
  Groups groups("0::/a/b\n");
  groups.has("cpu.max", "max 100000\n").has("a/cpu.max", "150000 100000\n");
  groups.has("a/b/cpu.max", "400000 100000\n");
  EXPECT_EQ(groups.read().cpus(), 1.5);
}

TEST(ControlGroups, AGroupThatIsNamedAsTheHostSeesItLeavesWhatIsMounted) {
  for (const char* own : {"0::/docker/0a1b\n", "0::/../sibling\n", ""}) {
    Groups groups(own);
    groups.has("memory.max", "1000\n").has("memory.current", "10\n").has("cpu.max", "100 50\n");
    EXPECT_EQ(groups.read().memory_left(), 990U) << own;
    EXPECT_EQ(groups.read().cpus(), 2.0) << own;
  }
}

TEST(ControlGroups, WithoutLimitsOrGroupsThereIsNone) {
  Groups groups("0::/a\n");
  EXPECT_FALSE(groups.read().memory_left());
  EXPECT_FALSE(groups.read().cpus());
  groups.has("a/memory.max", "max\n").has("a/memory.current", "7\n").has("a/cpu.max", "max 100\n");
  EXPECT_FALSE(groups.read().memory_left());
  EXPECT_FALSE(groups.read().cpus());
}

TEST(ControlGroups, AGroupBeyondItsLimitLeavesNothing) {
  Groups groups("0::/a\n");
  groups.has("a/memory.max", "100\n").has("a/memory.current", "140\n");
  EXPECT_EQ(groups.read().memory_left(), 0U);
}

}  // namespace
}  // namespace fallline
