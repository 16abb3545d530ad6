#pragma once

// Between the parameters, which lie row by row, and the panels of the kernels.

#include <cstddef>
#include <span>

#include "kernels/linear.hpp"

namespace fallline::kernels {

/// panel(c, d) = w(c, d)·scale(d) in some columns, where w is C×D, row by row.
void pack(const Panel& shape, const float* w, const float* scale, ColumnBlocks columns,
          float* panel);

/// g += λ₂ w + λ₁ sign w for n parameters.
void add_penalty_gradient(const float* w, std::size_t n, float l2, float l1, float* g);

/// Σ g² of n parameters, in double.
[[nodiscard]] double sum_of_squares(const float* g, std::size_t n);

/// Σ (to − from)² of n parameters, of differences in float, in double.
[[nodiscard]] double sum_of_squared_moves(const float* from, const float* to, std::size_t n);

/// Σ w² and Σ |w| of n parameters, in double.
struct PenaltySums {
  double squares = 0;
  double sizes = 0;
};
[[nodiscard]] PenaltySums penalty_sums(const float* w, std::size_t n);

/// sums(c) += Σ G over n blocks of 16 examples, in double.
void add_class_sums(const float* g, std::size_t classes, std::size_t blocks, double* sums);

}  // namespace fallline::kernels
