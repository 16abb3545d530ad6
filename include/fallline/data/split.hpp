#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/random.hpp>
#include <vector>

namespace fallline {

/// Two parts of a dataset as ascending indices, for `Dataset::subset`.
struct Split {
  std::vector<std::size_t> kept;
  std::vector<std::size_t> held_out;
};

/// Holds out a share of the examples at random, the same share of every class.
///
/// round(N·fraction) examples are held out, at least one and at most N − 1 where 0 < fraction < 1
/// and N ≥ 2. A class of n gives ⌊n·fraction⌋, and those with the largest remainders one more; a
/// class keeps its last example while another can give. An unlabelled set is one class.
///
/// @param purpose  `Purpose::held_out` for a test part, `Purpose::validation` for a validation part
/// @returns a function of the labels, `fraction`, `seed` and `purpose` alone
/// @throws Error(usage) where `fraction` is outside [0, 1).
[[nodiscard]] Split split(const Dataset& data, double fraction, std::uint64_t seed,
                          Purpose purpose = Purpose::held_out);

}  // namespace fallline
