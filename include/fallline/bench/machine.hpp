#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/instruction_set.hpp>
#include <fallline/workers.hpp>

namespace fallline::bench {

/// What a machine can do at most, as some of its threads reach it with one instruction set.
struct Machine {
  InstructionSet instruction_set = InstructionSet::baseline;
  std::size_t threads = 0;
  double flops = 0;             ///< operations a second of independent multiply-adds in registers
  double triad = 0;             ///< bytes a second of a_i = b_i + s c_i, 12 bytes each i
  std::size_t array_bytes = 0;  ///< of each of a, b and c
};

/// Measures both with the workers and the instruction set in force; the best of several rounds.
///
/// The triad counts three streams, as STREAM does (McCalpin, 1995). A processor that reads a line
/// before it writes to it moves a fourth, which is not counted. Each array is four times as large
/// as the third-level caches, from 64 MiB to 1 GiB.
///
/// @param memory_limit  bytes that may be used; 0: what is available
/// @throws Error(not_enough_memory) before the arrays are taken
[[nodiscard]] Machine measure_machine(Workers& workers, std::uint64_t memory_limit = 0);

/// The first figure alone, in some 10 ms.
[[nodiscard]] double peak_flops(Workers& workers);

}  // namespace fallline::bench
