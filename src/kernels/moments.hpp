#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fallline::kernels {

/// Rows whose squared bytes 32 bits are sure to hold: 65,793 · 255² < 2³².
inline constexpr std::size_t exact_rows = 65'793;

/// sums(d) += Σ x_d and squares(d) += Σ x_d² over rows of bytes, exactly. The numbers that are
/// there already count as rows.
void add_moments(std::span<const std::byte* const> rows, std::size_t features, std::uint32_t* sums,
                 std::uint32_t* squares);

}  // namespace fallline::kernels
