#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/workers.hpp>
#include <span>
#include <string_view>
#include <vector>

namespace fallline {

/// How the batches of an epoch are chosen from N examples.
enum class Sampling : std::uint8_t {
  shuffle,      ///< a new permutation every epoch, cut into batches (the default)
  sequential,   ///< the order of the source, every epoch
  replacement,  ///< N draws with replacement
};

[[nodiscard]] std::string_view name_of(Sampling sampling);
/// @throws Error(usage) for a name that is no sampling.
[[nodiscard]] Sampling sampling_named(std::string_view name);

/// Batch sizes with a meaning of their own.
inline constexpr std::size_t automatic_batch = 0;
inline constexpr std::size_t full_batch = static_cast<std::size_t>(-1);

/// The batch size for N examples: N for `full_batch` or any size above N; for `automatic_batch`
/// N where N ≤ 2000, else 256.
[[nodiscard]] std::size_t resolve_batch_size(std::size_t requested, std::size_t examples);

/// Batches of indices. A batch is a function of (seed, epoch, place in the epoch) alone, so any
/// epoch can be had again without what came before. The data are never moved.
class Sampler {
 public:
  /// @param examples   N ≥ 1; @param batch_size 1..N
  /// @param drop_last  leave out a short last batch
  Sampler(std::size_t examples, std::size_t batch_size, Sampling sampling, std::uint64_t seed,
          bool drop_last = false);

  /// ⌈N/b⌉, or ⌊N/b⌋ where the short last batch is dropped.
  [[nodiscard]] std::size_t steps_per_epoch() const;

  /// Draws the order of epoch `epoch`, from 1; with workers, the same, sooner.
  void begin_epoch(std::uint64_t epoch, Workers* workers = nullptr);

  /// Batch `step` (from 0) of the epoch begun; the last may be short.
  [[nodiscard]] std::span<const std::size_t> batch(std::size_t step) const;

 private:
  std::size_t batch_size_;
  Sampling sampling_;
  std::uint64_t seed_;
  bool drop_last_;
  std::vector<std::size_t> order_;
};

}  // namespace fallline
