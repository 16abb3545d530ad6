#pragma once

#include <gtest/gtest.h>

#include <fallline/instruction_set.hpp>
#include <string>
#include <string_view>

#include "kernels/target.hpp"

namespace fallline::test {

/// An instruction set while this is there.
class Limited {
 public:
  explicit Limited(InstructionSet most) { limit_instruction_set(most); }
  ~Limited() { limit_instruction_set(InstructionSet::avx512); }
  Limited(const Limited&) = delete;
  Limited& operator=(const Limited&) = delete;
};

/// Whether the kernels that would run now are those for `set`.
[[nodiscard]] inline bool kernels_of(InstructionSet set) {
  const std::string_view target = kernels::instruction_set();
  return target.starts_with("AVX3") == (set == InstructionSet::avx512) &&
         (target == "AVX2") == (set == InstructionSet::avx2);
}

/// Calls `work()` on each instruction set of the machine.
template <class Work>
void on_every_set(Work&& work) {
  for (const InstructionSet set : instruction_sets()) {
    const Limited limited(set);
    ASSERT_TRUE(kernels_of(set)) << name_of(set) << ": " << kernels::instruction_set();
    SCOPED_TRACE(std::string(name_of(set)));
    work();
  }
}

}  // namespace fallline::test
