#pragma once

#include <cstddef>
#include <fallline/arithmetic.hpp>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/workers.hpp>
#include <memory>
#include <span>

#include "kernels/linear.hpp"

namespace fallline {

/// The two products of a linear model over the rows of a batch, and the weights in the form that
/// they need.
class Products {
 public:
  Products() = default;
  virtual ~Products() = default;
  Products(const Products&) = delete;
  Products& operator=(const Products&) = delete;

  /// Takes W in some columns, with the scale folded in; columns begin at a multiple of 8 blocks,
  /// and no two calls with the same `thread` are made at once.
  virtual void set_weights(std::span<const float> parameters, kernels::ColumnBlocks columns,
                           std::size_t thread) = 0;
  /// Takes b; W has been taken in all columns.
  virtual void finish_weights(std::span<const float> parameters, Workers& workers) = 0;

  /// As `kernels::scores`; from any thread.
  virtual void scores(std::span<const std::byte* const> rows,
                      std::span<const std::byte* const> ahead, float* scores,
                      const kernels::Stage& stage, std::size_t position) const = 0;

  /// Takes G of n examples, in the layout of the scores.
  virtual void set_slopes(const float* g, std::size_t n) = 0;
  /// As `kernels::add_outer` with those, the scale being given; from any thread.
  virtual void add_outer(const kernels::Stage& stage, kernels::ColumnBlocks columns,
                         kernels::OuterSums sums) const = 0;
  /// Floats of the panel that `add_outer` adds up in.
  [[nodiscard]] virtual std::size_t panel_size() const = 0;
};

/// Products of a dataset's rows for so many threads; `arithmetic` is not automatic, and possible
/// there.
[[nodiscard]] std::unique_ptr<Products> make_products(Arithmetic arithmetic, const Dataset& data,
                                                      const Preprocessing& preprocessing,
                                                      std::size_t classes, std::size_t threads);

/// Bytes of the weights and the panel, for slopes of `rows` examples at most.
[[nodiscard]] std::size_t products_bytes(std::size_t features, std::size_t classes,
                                         std::size_t rows);

}  // namespace fallline
