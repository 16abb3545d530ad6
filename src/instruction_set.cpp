#include <hwy/targets.h>

#include <atomic>
#include <fallline/instruction_set.hpp>

#include "names.hpp"

namespace fallline {
namespace {

constexpr Names<InstructionSet, 3> set_names{"instruction set",
                                             {{{InstructionSet::baseline, "baseline"},
                                               {InstructionSet::avx2, "avx2"},
                                               {InstructionSet::avx512, "avx512"}}}};

/// The targets of the kernels that a set does not go beyond. A smaller bit is a better target.
std::int64_t targets_within(InstructionSet most) {
#if HWY_ARCH_X86
  if (most == InstructionSet::baseline) return ~((HWY_AVX2 << 1) - 1);
  if (most == InstructionSet::avx2) return ~(HWY_AVX2 - 1);
#endif
  return ~std::int64_t{0};
}

InstructionSet best_of_machine() {
#if HWY_ARCH_X86
  const std::int64_t targets = hwy::SupportedTargets();
  if ((targets & HWY_AVX3) != 0) return InstructionSet::avx512;
  if ((targets & HWY_AVX2) != 0) return InstructionSet::avx2;
#endif
  return InstructionSet::baseline;
}

InstructionSet machine() {
  static const InstructionSet best = best_of_machine();
  return best;
}

std::atomic<InstructionSet>& in_force() {
  static std::atomic<InstructionSet> set = machine();
  return set;
}

}  // namespace

std::string_view name_of(InstructionSet set) { return set_names.name_of(set); }

InstructionSet instruction_set_named(std::string_view name) {
  const InstructionSet set = set_names.value_of(name);
  if (set <= machine()) return set;
  std::string those;
  for (const InstructionSet one : instruction_sets())
    those += (those.empty() ? "" : ", ") + std::string(name_of(one));
  throw usage_error("this machine has no " + std::string(name), "it has " + those);
}

std::vector<InstructionSet> instruction_sets() {
  std::vector<InstructionSet> sets;
  for (const auto& [set, name] : set_names.list)
    if (set <= machine()) sets.push_back(set);
  return sets;
}

InstructionSet instruction_set() { return in_force().load(std::memory_order_relaxed); }

void limit_instruction_set(InstructionSet most) {
  const InstructionSet best = machine();
  in_force() = most < best ? most : best;
  hwy::SetSupportedTargetsForTest(0);  // back to those of the machine
  hwy::SetSupportedTargetsForTest(hwy::SupportedTargets() & targets_within(most));
  hwy::GetChosenTarget().DeInit();
}

}  // namespace fallline
