#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/preprocessing.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <string_view>

namespace fallline {

/// How the next weights to try are chosen. n_t is a vector of P draws of N(0,1), a function of
/// (seed, t) alone.
enum class Strategy : std::uint8_t {
  random,    ///< W_t = scale · n_t
  local,     ///< W_1 = start · n_1, then W + step · n_t with the best W so far
  gradient,  ///< W_{t+1} = W_t − α ∂L/∂W_t
};

[[nodiscard]] std::string_view name_of(Strategy strategy);
/// @throws Error(usage) for a name that is no strategy.
[[nodiscard]] Strategy strategy_named(std::string_view name);

/// The settings of a search. The defaults are those of the literature, which go with features of
/// the size of pixels with the mean image subtracted.
struct SearchOptions {
  Strategy strategy = Strategy::random;
  std::uint64_t tries = 1000;  ///< T ≥ 1, evaluations of the objective over all examples
  Loss loss = {.kind = LossKind::hinge};
  Penalty penalty;
  PreprocessingKind preprocessing = PreprocessingKind::mean;
  double scale = 1e-4;          ///< random: of W_t; > 0
  double start = 1e-3;          ///< local: of W_1; ≥ 0
  double step = 1e-4;           ///< local: of a proposal's distance from W; > 0
  double initial_scale = 1e-4;  ///< gradient: W_1 is this times N(0,1) as in training; ≥ 0
  double learning_rate = 0;     ///< gradient: α > 0; 0: `automatic_rate` for all examples
  /// Candidates that a pass over the data evaluates at most; 0: `automatic_candidates`. The result
  /// does not depend on it.
  std::size_t candidates = 0;
  std::uint64_t seed = 1;
  std::uint64_t memory_limit = 0;  ///< bytes; 0: what is available

  /// @throws Error(usage) naming the first setting out of its bounds.
  void validate() const;
};

}  // namespace fallline
