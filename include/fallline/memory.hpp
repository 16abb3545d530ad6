#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fallline {

/// Bytes this process may still take: the least of the machine's available memory, what the limits
/// of its control groups (v1 or v2, its own and those around it) leave, and what is left of its
/// address space (`ulimit -v`). Pages that only cache files count as available.
[[nodiscard]] std::uint64_t available_memory();

/// Refuses what cannot fit, before it is read or allocated.
/// @param needed  bytes that `what` takes
/// @param limit   bytes that may be used; 0: `available_memory()`
/// @throws Error(not_enough_memory) with both figures, the share that would fit, and `advice`.
void require_memory(std::uint64_t needed, std::uint64_t limit, std::string_view what,
                    std::string_view advice = {});

/// `1536` → "1.5 KiB".
[[nodiscard]] std::string format_bytes(std::uint64_t bytes);

}  // namespace fallline
