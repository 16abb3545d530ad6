#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/workers.hpp>
#include <vector>

namespace fallline {

/// What a random number is for: draws for one purpose never meet those for another. The numbers
/// are part of every stored result: append, never renumber, never use one again.
enum class Purpose : std::uint32_t {
  initial_weights = 1,
  shuffle = 2,
  sample = 3,
  validation = 4,
  held_out = 5,
  embedded_set = 6,
  search = 7,
  curvature = 8,
  synthetic_set = 9,
  checked_coordinates = 10,
  dropout = 11,
  cotangents = 12,
  landscape_direction = 21,
  landscape_batch = 22,
  landscape_check = 23,
};

/// Random numbers without state: a draw is a pure function of (seed, purpose, epoch, index).
///
/// One block of Philox4x32-10 a draw, with the counter (index mod 2³², index div 2³², epoch,
/// purpose) and the key (seed mod 2³², seed div 2³²). Nothing need be saved to resume, and no order
/// of threads matters. All four functions read the same block: draws that must be independent need
/// different indices.
///
/// Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
class Random {
 public:
  Random(std::uint64_t seed, Purpose purpose, std::uint32_t epoch = 0)
      : seed_(seed), purpose_(purpose), epoch_(epoch) {}

  /// 64 uniform bits.
  [[nodiscard]] std::uint64_t bits(std::uint64_t index) const;

  /// A multiple of 2⁻⁵³ in [0, 1).
  [[nodiscard]] double uniform(std::uint64_t index) const;

  /// Mean 0, variance 1: √(−2 ln(1 − u₁))·cos(2π u₂), Box and Muller's first, with u₁ and u₂ from
  /// the two halves of the block; |normal| < 8.6. Mathematical libraries may differ in its last
  /// bit.
  [[nodiscard]] double normal(std::uint64_t index) const;

  /// An integer in [0, bound), ⌊bits·bound / 2⁶⁴⌋; each one's probability is within 2⁻⁶⁴ of
  /// 1/bound. Requires bound > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t index, std::uint64_t bound) const;

 private:
  std::uint64_t seed_;
  Purpose purpose_;
  std::uint32_t epoch_;
};

/// A permutation of 0..n-1 by Fisher and Yates, with `below(i, i + 1)` for i = n-1 … 1.
///
/// The draws are shared out to the workers, if there are any.
///
/// Every prefix of choices has its probability to a relative n²·2⁻⁶⁴ (1.4e-10 for n = 50,000).
[[nodiscard]] std::vector<std::size_t> shuffled(std::size_t n, const Random& random,
                                                Workers* workers = nullptr);

}  // namespace fallline
