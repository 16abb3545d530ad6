#include "files/mappings.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fallline/data/mapping_guard.hpp>
#include <mutex>
#include <utility>

namespace fallline {

std::atomic<bool> mapping_lost = false;

namespace {

std::atomic<Mapping*> mappings = nullptr;

/// Guards all that the handler does not look at.
std::mutex& mutex() {
  static std::mutex one;
  return one;
}

/// What is known of files that are no longer mapped.
struct Past {
  std::string lost;
  std::vector<std::string> changed;
};
Past& past() {
  static Past& one = *new Past;  // a static dataset may go after it
  return one;
}

std::size_t guards = 0;
std::atomic<std::uintptr_t> page = 4096;
struct sigaction action_before {};

template <class Found>
Mapping* find_mapping(Found found) {
  for (Mapping* m = mappings.load(std::memory_order_acquire); m != nullptr; m = m->next)
    if (found(*m)) return m;
  return nullptr;
}

/// Puts zeros from the page of `place` to the end of the mapping. Only what a signal handler may
/// call: `mmap` is a plain system call here.
bool put_zeros(Mapping& m, std::uintptr_t place) {
  const std::uintptr_t size = page.load();
  const std::uintptr_t begin = place / size * size;
  const std::uintptr_t end = (m.end.load() + size - 1) / size * size;
  // The address is the system's, as a number. NOLINTNEXTLINE(performance-no-int-to-ptr)
  void* put = ::mmap(reinterpret_cast<void*>(begin), end - begin, PROT_READ,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (put == MAP_FAILED) return false;
  m.lost.store(true);
  mapping_lost.store(true);
  return true;
}

void on_bus_error(int, siginfo_t* info, void*) {
  const int error = errno;
  if (info->si_code <= 0) {  // sent by a process: it comes again when this returns
    ::sigaction(SIGBUS, &action_before, nullptr);
    (void)::raise(SIGBUS);
    errno = error;
    return;
  }
  const auto place = reinterpret_cast<std::uintptr_t>(info->si_addr);
  Mapping* const hit = find_mapping([place](const Mapping& m) {
    const std::uintptr_t begin = m.begin.load(std::memory_order_acquire);
    return begin != 0 && place >= begin && place < m.end.load(std::memory_order_relaxed);
  });
  // Not one of these: what would have happened happens when the instruction is tried again.
  if (hit == nullptr || !put_zeros(*hit, place)) ::sigaction(SIGBUS, &action_before, nullptr);
  errno = error;
}

bool changed(const Mapping& m) {
  struct stat now {};
  if (::stat(m.path.c_str(), &now) != 0) return false;
  const struct stat& then = m.status;
  // A file that took its name is another one: what is mapped stays as it was.
  if (now.st_ino != then.st_ino || now.st_dev != then.st_dev) return false;
  return now.st_size != then.st_size || now.st_mtim.tv_sec != then.st_mtim.tv_sec ||
         now.st_mtim.tv_nsec != then.st_mtim.tv_nsec;
}

/// A file that was cut within the last page that is mapped gives zeros there without a signal.
void note_change(Mapping& m) {
  if (!changed(m)) return;
  struct stat now {};
  if (::stat(m.path.c_str(), &now) == 0) {
    if (guards > 0 && now.st_size < m.status.st_size) {
      m.lost = true;
      mapping_lost = true;
    }
    m.status = now;
  }
  past().changed.push_back(m.path.string());
}

void note_changes() {
  const std::lock_guard lock(mutex());
  for (Mapping* m = mappings.load(); m != nullptr; m = m->next)
    if (m->begin.load() != 0) note_change(*m);
}

}  // namespace

Mapping* add_mapping(std::span<const std::byte> bytes, const std::filesystem::path& path,
                     const struct stat& status) {
  const std::lock_guard lock(mutex());
  Mapping* entry = find_mapping([](const Mapping& m) { return m.begin.load() == 0; });
  const bool fresh = entry == nullptr;
  if (fresh) entry = new Mapping;
  entry->path = path;
  entry->status = status;
  entry->lost = false;
  const auto begin = reinterpret_cast<std::uintptr_t>(bytes.data());
  entry->end.store(begin + bytes.size(), std::memory_order_relaxed);
  entry->begin.store(begin, std::memory_order_release);
  if (fresh) {
    entry->next = mappings.load();
    mappings.store(entry, std::memory_order_release);
  }
  return entry;
}

void remove_mapping(Mapping* mapping) {
  const std::lock_guard lock(mutex());
  note_change(*mapping);
  if (mapping->lost) past().lost = mapping->path.string();
  mapping->begin = 0;
}

void throw_lost_mapping() { throw MappingGuard::lost().value(); }

MappingGuard::MappingGuard() {
  const std::lock_guard lock(mutex());
  if (guards++ > 0) return;
  past().lost.clear();
  page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  struct sigaction action {};
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGBUS, &action, &action_before);
}

MappingGuard::~MappingGuard() {
  const std::lock_guard lock(mutex());
  if (--guards > 0) return;
  ::sigaction(SIGBUS, &action_before, nullptr);
  // Data of a lost file that are still there are no better for it.
  mapping_lost = find_mapping([](const Mapping& m) {
                   return m.begin.load() != 0 && m.lost.load();
                 }) != nullptr;
}

std::optional<Error> MappingGuard::lost() {
  if (!mapping_lost) return std::nullopt;
  const std::lock_guard lock(mutex());
  const Mapping* const still =
      find_mapping([](const Mapping& m) { return m.begin.load() != 0 && m.lost.load(); });
  const std::string file = still != nullptr ? still->path.string() : past().lost;
  return bad_input({.file = file}, "became shorter while it was read, or its disk failed",
                   "read a copy that nobody writes to");
}

void require_whole_mappings() {
  note_changes();
  require_mappings();
}

std::vector<std::string> changed_files() {
  note_changes();
  const std::lock_guard lock(mutex());
  std::vector<std::string> files = past().changed;
  std::ranges::sort(files);
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

std::vector<std::string> take_changed_files() {
  std::vector<std::string> files = changed_files();
  const std::lock_guard lock(mutex());
  past().changed.clear();
  return files;
}

}  // namespace fallline
