#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <string>
#include <string_view>

namespace fallline {

/// What the products of a training step are computed in.
enum class Arithmetic : std::uint8_t {
  automatic,  ///< integers where they may be and batches are drawn, floats elsewhere (plan.hpp)
  floats,     ///< W, G and the features as floats
  /// W and G in 16-bit fixed point, features as the bytes they are, sums exact. Parameters,
  /// gradient and optimizer stay in float. docs/decisions/0006 has the bound and what it costs.
  integers,
};

/// "auto", "float", "integer".
[[nodiscard]] std::string_view name_of(Arithmetic arithmetic);
/// @throws Error(usage) that lists the names.
[[nodiscard]] Arithmetic arithmetic_named(std::string_view name);

/// Features that products in integers take at most: sums of more would leave the weights fewer than
/// 8 bits.
inline constexpr std::size_t most_integer_features = 16384;

/// Why the products of such rows cannot be in integers; empty: they can.
[[nodiscard]] std::string why_not_integers(CellType cells, std::size_t features);

/// @throws Error(usage) where `arithmetic` is integers and they are not possible.
void require_arithmetic(Arithmetic arithmetic, CellType cells, std::size_t features);

}  // namespace fallline
