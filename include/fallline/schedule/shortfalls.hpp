#pragma once

#include <cstdint>
#include <fallline/schedule/schedule.hpp>
#include <string>
#include <vector>

namespace fallline {

/// What of a schedule a run is too short for, a sentence each: parts that never begin, a warm-up
/// that does not reach its rate, a staircase without a step.
///
/// A run of S steps ends within the first part whose length, with those before it, is more than S.
/// The parts after that never begin; where it is a warm-up, the rate stays below the base rate.
[[nodiscard]] std::vector<std::string> shortfalls(const Schedule& schedule, std::uint64_t steps,
                                                  std::uint64_t steps_per_epoch);

}  // namespace fallline
