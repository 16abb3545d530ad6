#pragma once

#include <fallline/instruction_set.hpp>

namespace fallline::test {

/// An instruction set while this is there.
class Limited {
 public:
  explicit Limited(InstructionSet most) { limit_instruction_set(most); }
  ~Limited() { limit_instruction_set(InstructionSet::avx512); }
  Limited(const Limited&) = delete;
  Limited& operator=(const Limited&) = delete;
};

}  // namespace fallline::test
