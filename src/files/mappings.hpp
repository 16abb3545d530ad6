#pragma once

// The mapped files of the process, as the handler of SIGBUS looks for them.

#include <sys/stat.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace fallline {

/// Where one file is mapped. Entries are made anew or used again, never freed: the handler may be
/// looking at them.
struct Mapping {
  std::atomic<std::uintptr_t> begin = 0;  ///< 0: nothing is mapped
  std::atomic<std::uintptr_t> end = 0;
  std::atomic<bool> lost = false;

  std::filesystem::path path;
  struct stat status {};  ///< when it was opened
  Mapping* next = nullptr;
};

/// @param status  of the file, when it was opened
[[nodiscard]] Mapping* add_mapping(std::span<const std::byte> bytes,
                                   const std::filesystem::path& path, const struct stat& status);
void remove_mapping(Mapping* mapping);

/// Whether a mapped file was lost under a guard.
extern std::atomic<bool> mapping_lost;
[[noreturn]] void throw_lost_mapping();

/// To be asked after examples were read, before anything is made of them.
/// @throws Error(bad_input) where a mapped file was lost, so that zeros were read
inline void require_mappings() {
  if (mapping_lost.load(std::memory_order_relaxed)) [[unlikely]]
    throw_lost_mapping();
}

/// The same, after a look at the sizes of the files: what is cut within a page gives no signal.
void require_whole_mappings();

/// What `read` returns of files, or throws: unless one was lost meanwhile, whose zeros made of it
/// what they could.
template <class Read>
auto read_mapped(Read&& read) {
  try {
    auto found = read();
    require_mappings();
    return found;
  } catch (...) {
    require_mappings();
    throw;
  }
}

}  // namespace fallline
