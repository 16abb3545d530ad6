#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace fallline {

/// The bytes of a file: mapped where it is stored plainly, unpacked into memory where it is
/// gzipped.
struct Contents {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> bytes;
};

/// @param memory_limit  as for `require_memory`; asked before each growth, as a packed file cannot
///                      be trusted to say how large it becomes.
/// @throws Error(bad_input) where it cannot be read, or the packed stream is damaged, cut short or
///         followed by other bytes; Error(not_enough_memory)
[[nodiscard]] Contents read_contents(const std::filesystem::path& path, bool gzipped,
                                     std::uint64_t memory_limit);

}  // namespace fallline
