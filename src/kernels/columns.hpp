#pragma once

// Between the parameters, which lie row by row, and the panels of the kernels.

#include <cstddef>
#include <span>

#include "kernels/linear.hpp"

namespace fallline::kernels {

/// panel(c, d) = w(c, d)·scale(d) in some columns, where w is C×D, row by row.
void pack(const Panel& shape, const float* w, const float* scale, ColumnBlocks columns,
          float* panel);

/// What the gradient of some columns is made of.
struct GradientColumns {
  const float* panel = nullptr;  ///< A = Gᵀ(X − mean)
  const float* scale = nullptr;  ///< D
  const float* w = nullptr;      ///< C×D
  float l2 = 0;                  ///< λ₂
  float l1 = 0;                  ///< λ₁
};

/// Column blocks whose squares are summed together.
inline constexpr std::size_t square_blocks = 8;

/// g(c, d) = A(c, d)·scale(d) + λ₂ w(c, d) + λ₁ sign w(c, d) in some columns, where g is C×D, row
/// by row. squares(k) = Σ g² over the 8 column blocks from 8k on, in double; `columns.begin` is a
/// multiple of 8.
void gradient_columns(const Panel& shape, const GradientColumns& from, ColumnBlocks columns,
                      float* g, double* squares);

/// Σ w² and Σ |w| of n parameters, in double.
struct PenaltySums {
  double squares = 0;
  double sizes = 0;
};
[[nodiscard]] PenaltySums penalty_sums(const float* w, std::size_t n);

/// sums(c) += Σ G over n blocks of 16 examples, in double.
void add_class_sums(const float* g, std::size_t classes, std::size_t blocks, double* sums);

}  // namespace fallline::kernels
