#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/open.hpp>

namespace fallline {

/// How much of the embedded set to draw, and how.
struct EmbeddedOptions {
  std::size_t train = 50'000;      ///< pictures of the training part, at least 1
  std::size_t test = 10'000;       ///< pictures of the test part; 0: none
  std::uint64_t seed = 1;          ///< another seed is another set of the same kind
  unsigned threads = 0;            ///< 0: as many as the machine runs at once
  std::uint64_t memory_limit = 0;  ///< bytes that may be used; 0: what the machine has available

  /// @throws Error(usage) naming the field and its bound.
  void validate() const;
};

/// Draws the data set that comes with the program: coloured pictures of ten kinds of things (ball,
/// checkers, crescent, cross, flower, heart, house, ring, star, stripes) before a varied ground,
/// among clutter, partly hidden, in slanting light and with grain.
///
/// Pictures are 3 x 32 x 32 bytes, planar, as CIFAR-10's are. Every ten consecutive pictures hold
/// each class once, in an order of their own. A picture is a pure function of (seed, part, index):
/// the bytes are the same on every machine and for any number of threads, and a smaller set is the
/// beginning of a larger one.
///
/// @throws Error(usage) for options outside their bounds; Error(not_enough_memory) before drawing
///         what cannot fit.
[[nodiscard]] Source embedded(const EmbeddedOptions& options = {});

}  // namespace fallline
