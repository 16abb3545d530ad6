#pragma once

#include <cstddef>

// clang's thread sanitizer brings an `operator new` that no other may stand beside.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FALLLINE_ALLOCATIONS_ARE_NOT_COUNTED
#endif
#endif

namespace fallline::test {

/// Calls of `operator new` in this process so far, on every thread.
[[nodiscard]] std::size_t allocations();

}  // namespace fallline::test
