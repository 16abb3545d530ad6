#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fallline/error.hpp>
#include <fallline/workers.hpp>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace fallline {
namespace {

TEST(Workers, EveryPieceIsDoneOnceForAnyNumberOfThreadsAndPieces) {
  for (const std::size_t threads : {1U, 2U, 5U}) {
    Workers workers(threads);
    EXPECT_EQ(workers.threads(), threads);
    for (const std::size_t pieces : {0U, 1U, 2U, 3U, 64U, 1000U}) {
      std::vector<std::atomic<int>> done(pieces);
      workers.for_each(pieces, [&](std::size_t i) { ++done[i]; });
      for (const auto& times : done) EXPECT_EQ(times, 1);
    }
  }
}

TEST(Workers, ManyShortRoundsFollowEachOtherWithoutLosingOne) {
  Workers workers(4);
  std::size_t sum = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::atomic<std::size_t> count = 0;
    workers.for_each(4, [&](std::size_t) { ++count; });
    sum += count;
  }
  EXPECT_EQ(sum, 80'000U);
}

TEST(Workers, AnExceptionOfAPieceReachesTheCallerAndTheNextRoundIsWhole) {
  Workers workers(3);
  EXPECT_THROW(workers.for_each(100,
                                [](std::size_t i) {
                                  if (i == 57) throw std::runtime_error("piece 57");
                                }),
               std::runtime_error);
  std::atomic<int> count = 0;
  workers.for_each(100, [&](std::size_t) { ++count; });
  EXPECT_EQ(count, 100);
}

TEST(Workers, UnaskedThereAreAsManyAsThisProcessMayUse) {
  EXPECT_EQ(Workers().threads(), Workers::usable_threads());
  EXPECT_GE(Workers::usable_threads(), 1U);
}

/// Runs `work` in a process of its own whose address space is limited to `more` bytes than it has;
/// what it returned.
int with_address_space(std::size_t more, int (*work)()) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::size_t pages = 0;
    (void)!(std::ifstream("/proc/self/statm") >> pages);
    const rlim_t most = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + more;
    const rlimit limit{.rlim_cur = most, .rlim_max = most};
    ::setrlimit(RLIMIT_AS, &limit);
    ::_exit(work());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(Workers, ThreadsThatCannotBeStartedAreAnErrorAndThoseThatRanAreGone) {
#ifdef FALLLINE_TEST_SANITIZED
  GTEST_SKIP() << "a sanitizer takes all of the address space";
#endif
  const int status = with_address_space(std::size_t{64} << 20U, [] {
    try {
      const Workers workers(1000);  // their stacks alone are 8 GB
      return 1;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::not_enough_memory) return 2;
    }
    std::size_t tasks = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task"))
      tasks += task.exists() ? 1U : 0U;
    return tasks == 1 ? 0 : 3;
  });
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace fallline
