#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <fallline/error.hpp>
#include <fallline/workers.hpp>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "cgroup.hpp"

namespace fallline {
namespace {

/// Threads that the quotas of the control groups are worth, or 0 where there are none.
std::size_t quota_threads() {
  const std::optional<double> cpus = ControlGroups().cpus();
  return cpus ? static_cast<std::size_t>(std::max(1.0, *cpus + 0.5)) : 0;
}

std::size_t affinity_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return std::thread::hardware_concurrency();
  return static_cast<std::size_t>(CPU_COUNT(&set));
}

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Looks at `ready` for a while before the thread parks: between two phases of a step there are
/// some microseconds, and waking a parked thread takes longer than the phase.
template <class Ready>
void spin_until(std::chrono::microseconds patience, Ready ready) {
  if (patience.count() == 0) return;
  const auto end = std::chrono::steady_clock::now() + patience;
  constexpr int looks = 32;  // between two looks at the clock
  do {
    for (int i = 0; i < looks; ++i) {
      if (ready()) return;
      pause();
    }
  } while (std::chrono::steady_clock::now() < end);
}

/// A thread's own pieces, which others take when theirs are done. The round's number and how many
/// pieces are left are one word: whoever takes one is sure that the round is not over, and that
/// what the round is about stays as it is until the piece is done.
struct alignas(64) Share {
  std::atomic<std::uint64_t> word = 0;  // round << 32 | pieces left

  void open(std::uint32_t round, std::size_t pieces) {
    word.store(std::uint64_t{round} << 32U | pieces, std::memory_order_release);
  }
  /// Which of the remaining pieces the caller has taken, counted down to 1; 0: there is none.
  std::uint32_t take() {
    std::uint64_t seen = word.load(std::memory_order_acquire);
    while (static_cast<std::uint32_t>(seen) != 0)
      if (word.compare_exchange_weak(seen, seen - 1, std::memory_order_acq_rel))
        return static_cast<std::uint32_t>(seen);
    return 0;
  }
};

}  // namespace

/// One round of work at a time: the caller fills the shares and works with the others until all
/// pieces are done. Thread t begins with the same share of the pieces in every round, so that what
/// it touches stays in its core's cache.
struct Workers::Pool {
  explicit Pool(std::size_t threads)
      : shares(threads), patience(threads <= usable_threads() ? 200 : 0) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    stop = true;
    ++round;
    round.notify_all();
    for (std::thread& helper : helpers) helper.join();
  }

  /// The helpers that run already go with the pool where the system has no more threads.
  void start() {
    helpers.reserve(shares.size() - 1);
    try {
      for (std::size_t t = 1; t < shares.size(); ++t) helpers.emplace_back([this, t] { help(t); });
    } catch (const std::system_error& refused) {
      throw Error(ErrorKind::not_enough_memory,
                  fmt::format("{} of {} threads could be started: {}", helpers.size() + 1,
                              shares.size(), refused.code().message()),
                  "use fewer threads, or allow this process more threads or memory");
    }
  }

  std::vector<Share> shares;
  std::chrono::microseconds patience;  // none where threads outnumber cores: others need them

  // The round at work; written only between rounds.
  std::atomic<Function> function = nullptr;
  std::atomic<void*> work = nullptr;
  std::atomic<std::size_t> pieces = 0;

  alignas(64) std::atomic<std::uint32_t> round = 0;    // helpers watch it
  alignas(64) std::atomic<std::uint32_t> pending = 0;  // pieces not done yet: the caller watches it
  std::atomic<bool> stop = false;

  std::mutex mutex;  // guards the error
  std::exception_ptr error;

  std::vector<std::thread> helpers;

  /// The first piece of share s.
  [[nodiscard]] std::size_t begin(std::size_t s, std::size_t n) const {
    return s * n / shares.size();
  }

  void do_piece(std::size_t i, std::size_t t) {
    try {
      function.load(std::memory_order_relaxed)(work.load(std::memory_order_relaxed), i, t);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!error) error = std::current_exception();
    }
  }

  /// Thread t does its own pieces, then those that are left of the others'.
  void take_pieces(std::size_t t) {
    std::uint32_t done = 0;
    for (std::size_t k = 0; k < shares.size(); ++k) {
      const std::size_t s = (t + k) % shares.size();
      while (const std::uint32_t left = shares[s].take()) {
        do_piece(begin(s + 1, pieces.load(std::memory_order_relaxed)) - left, t);
        ++done;
      }
    }
    if (done != 0 && pending.fetch_sub(done, std::memory_order_acq_rel) == done)
      pending.notify_one();
  }

  void help(std::size_t t) {
    std::uint32_t seen = 0;
    for (;;) {
      spin_until(patience, [&] { return round.load(std::memory_order_acquire) != seen; });
      round.wait(seen, std::memory_order_acquire);
      if (stop) return;
      seen = round.load(std::memory_order_acquire);
      take_pieces(t);
    }
  }

  void open_round(std::size_t n, Function f, void* w) {
    function.store(f, std::memory_order_relaxed);
    work.store(w, std::memory_order_relaxed);
    pieces.store(n, std::memory_order_relaxed);
    pending.store(static_cast<std::uint32_t>(n), std::memory_order_relaxed);
    const std::uint32_t number = round.load(std::memory_order_relaxed) + 1;
    for (std::size_t s = 0; s < shares.size(); ++s)
      shares[s].open(number, begin(s + 1, n) - begin(s, n));
    round.store(number, std::memory_order_release);
    round.notify_all();
  }

  void close_round() {
    const auto left = [&] { return pending.load(std::memory_order_acquire); };
    spin_until(patience, [&] { return left() == 0; });
    while (const std::uint32_t n = left()) pending.wait(n, std::memory_order_acquire);
    if (error) std::rethrow_exception(std::exchange(error, nullptr));
  }
};

Workers::Workers(std::size_t threads) {
  if (threads == 0) threads = usable_threads();
  pool_ = std::make_unique<Pool>(threads);
  pool_->start();
}

Workers::~Workers() = default;

std::size_t Workers::threads() const { return pool_->shares.size(); }

void Workers::run(std::size_t pieces, Function function, void* work) {
  Pool& pool = *pool_;
  if (pool.helpers.empty() || pieces <= 1) {
    for (std::size_t i = 0; i < pieces; ++i) function(work, i, 0);
    return;
  }
  pool.open_round(pieces, function, work);
  pool.take_pieces(0);
  pool.close_round();
}

std::size_t Workers::usable_threads() {
  const std::size_t cores = std::max<std::size_t>(1, affinity_threads());
  const std::size_t quota = quota_threads();
  return quota == 0 ? cores : std::min(cores, quota);
}

}  // namespace fallline
