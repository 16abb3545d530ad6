#pragma once

#include <cstddef>

namespace fallline::test {

/// Calls of `operator new` in this process so far, on every thread.
[[nodiscard]] std::size_t allocations();

}  // namespace fallline::test
