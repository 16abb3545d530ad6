#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fallline {

/// Instruction sets that the loops are compiled for, in ascending order. The best one of the
/// machine is taken; what a loop over single parameters computes is the same in all of them, bit
/// for bit.
enum class InstructionSet : std::uint8_t {
  baseline,  ///< what every processor of the architecture has: NEON on Arm; on x86-64 SSE2, or with
             ///< Highway 1.0.3 one number at a time
  avx2,
  avx512,  ///< F, VL, DQ and BW
};

[[nodiscard]] std::string_view name_of(InstructionSet set);

/// @throws Error(usage) for an unknown name, and for a set that this machine has not.
[[nodiscard]] InstructionSet instruction_set_named(std::string_view name);

/// Those of this machine, ascending; the first is `baseline`.
[[nodiscard]] std::vector<InstructionSet> instruction_sets();

/// The one in force.
[[nodiscard]] InstructionSet instruction_set();

/// Uses none beyond `most` from now on, in every thread: for tests and comparisons. What the
/// machine does not have stays unused. Not to be called while a computation runs.
void limit_instruction_set(InstructionSet most);

}  // namespace fallline
