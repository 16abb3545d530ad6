#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/random.hpp>
#include <vector>

namespace fallline {

/// Indices of two parts of a dataset, each ascending.
struct Split {
  std::vector<std::size_t> kept;
  std::vector<std::size_t> held_out;
};

/// Holds out a share of the examples, class by class so that both parts have the same mixture.
/// A function of (data's labels, share, seed, purpose) alone.
[[nodiscard]] Split split(const Dataset& data, double share, std::uint64_t seed, Purpose purpose);

}  // namespace fallline
