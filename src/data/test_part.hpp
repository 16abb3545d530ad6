#pragma once

#include <fallline/data/open.hpp>

namespace fallline::data {

/// Makes `test` the test part of `source`: its features arranged, its classes numbered as those of
/// the training part.
/// @throws Error(bad_input) where their features or pictures differ, or where a class occurs only
///         in the test part.
void set_test(Source& source, const Dataset& test);

/// What may be used once `used` bytes are taken: `memory_limit`, as 0 it is measured anew.
[[nodiscard]] std::uint64_t memory_beside(const Dataset& used, std::uint64_t memory_limit);

}  // namespace fallline::data
