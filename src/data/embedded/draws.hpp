#pragma once

#include <cstdint>
#include <fallline/random.hpp>

namespace fallline::data {

/// The random numbers of one item (a picture, say), one after another: a pure function of
/// (seed, stream, item).
class Draws {
 public:
  Draws(std::uint64_t seed, std::uint32_t stream, std::uint64_t item)
      : random_(seed, Purpose::embedded_set, stream), next_(item * most) {}

  std::uint64_t bits() { return random_.bits(next_++); }

  /// In [0, 1), in steps of 2⁻²⁴: exact as a float.
  float uniform() { return static_cast<float>(bits() >> 40) * 0x1p-24F; }
  float uniform(float low, float high) { return low + (high - low) * uniform(); }
  bool chance(float probability) { return uniform() < probability; }
  /// In 0..bound-1.
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(random_.below(next_++, bound));
  }

 private:
  static constexpr std::uint64_t most = 1 << 16;  ///< draws kept for an item; a picture takes 700

  Random random_;
  std::uint64_t next_;
};

}  // namespace fallline::data
