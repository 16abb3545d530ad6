#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <fallline/workers.hpp>
#include <fstream>
#include <mutex>
#include <thread>
#include <vector>

namespace fallline {
namespace {

/// Threads that the container's quota (cgroup v2) is worth, or 0 where there is none.
std::size_t quota_threads() {
  std::ifstream in("/sys/fs/cgroup/cpu.max");
  double quota = 0;
  double period = 0;
  if (!(in >> quota >> period) || period <= 0) return 0;
  return static_cast<std::size_t>(std::max(1.0, quota / period + 0.5));
}

std::size_t affinity_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return std::thread::hardware_concurrency();
  return static_cast<std::size_t>(CPU_COUNT(&set));
}

/// Looks at `ready` for a while before the thread parks: between two phases of a step there are
/// some ten microseconds, and waking a parked thread can take longer than the phase.
template <class Ready>
void spin_until(Ready ready) {
  constexpr auto patience = std::chrono::microseconds(200);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!ready() && std::chrono::steady_clock::now() < end) {
  }
}

}  // namespace

/// One round of work at a time. The caller opens it, everyone takes pieces from the counter, and
/// the caller closes it when no pieces are left. A helper that wakes too late finds the round
/// closed: the caller waits only for those that are in it.
struct Workers::Pool {
  std::atomic<std::size_t> round = 0;  // grows with every round; helpers watch it
  std::atomic<bool> stop = false;

  std::mutex mutex;  // guards what follows
  std::condition_variable begin;
  std::condition_variable end;
  bool open = false;
  std::size_t inside = 0;  // helpers in the open round
  std::exception_ptr error;

  Function function = nullptr;
  void* work = nullptr;
  std::size_t pieces = 0;
  std::atomic<std::size_t> next = 0;

  std::vector<std::thread> helpers;

  void take_pieces() {
    for (std::size_t i = next++; i < pieces; i = next++) {
      try {
        function(work, i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!error) error = std::current_exception();
      }
    }
  }

  void help() {
    std::size_t seen = 0;
    for (;;) {
      spin_until([&] { return stop || round != seen; });
      std::unique_lock lock(mutex);
      begin.wait(lock, [&] { return stop || round != seen; });
      if (stop) return;
      seen = round;
      if (!open) continue;
      ++inside;
      lock.unlock();
      take_pieces();
      lock.lock();
      if (--inside == 0) end.notify_one();
    }
  }
};

Workers::Workers(std::size_t threads) : pool_(std::make_unique<Pool>()) {
  if (threads == 0) threads = usable_threads();
  for (std::size_t i = 1; i < threads; ++i)
    pool_->helpers.emplace_back([pool = pool_.get()] { pool->help(); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(pool_->mutex);
    pool_->stop = true;
  }
  pool_->begin.notify_all();
  for (std::thread& helper : pool_->helpers) helper.join();
}

std::size_t Workers::threads() const { return pool_->helpers.size() + 1; }

void Workers::run(std::size_t pieces, Function function, void* work) {
  Pool& pool = *pool_;
  if (pool.helpers.empty() || pieces <= 1) {
    for (std::size_t i = 0; i < pieces; ++i) function(work, i);
    return;
  }
  {
    const std::lock_guard lock(pool.mutex);
    pool.function = function;
    pool.work = work;
    pool.pieces = pieces;
    pool.next = 0;
    pool.error = nullptr;
    pool.open = true;
    ++pool.round;
  }
  pool.begin.notify_all();
  pool.take_pieces();
  std::unique_lock lock(pool.mutex);
  pool.open = false;
  pool.end.wait(lock, [&pool] { return pool.inside == 0; });
  if (pool.error) std::rethrow_exception(pool.error);
}

std::size_t Workers::usable_threads() {
  const std::size_t cores = std::max<std::size_t>(1, affinity_threads());
  const std::size_t quota = quota_threads();
  return quota == 0 ? cores : std::min(cores, quota);
}

}  // namespace fallline
