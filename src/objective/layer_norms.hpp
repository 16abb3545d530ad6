#pragma once

#include <cstddef>
#include <fallline/model/network.hpp>
#include <fallline/objective/measure.hpp>
#include <span>
#include <vector>

namespace fallline {

/// ‖∂L/∂θ‖ and ‖Δθ‖, of all parameters and layer by layer, from squares that are summed in pieces
/// which do not depend on the threads: the pieces are added up in their order.
class LayerNorms {
 public:
  /// Column blocks whose squares are summed together.
  static constexpr std::size_t piece_blocks = 8;
  /// Parameters of a piece behind the first product.
  static constexpr std::size_t piece = 16384;

  /// Some parameters of one block.
  struct Piece {
    std::size_t dense = 0;  ///< the dense layer's number
    BlockRole role = BlockRole::weight;
    std::size_t first = 0;
    std::size_t count = 0;
  };

  /// @param column_blocks  of the rows
  LayerNorms(const Network& network, std::size_t column_blocks);

  /// All to 0.
  void begin();
  /// Adds those of unit c's weights from column block `block` on; `moved` is what an update makes
  /// of the weights `w`, or empty. No two calls at once for one piece of columns.
  void add(std::size_t c, std::size_t block, std::span<const float> g, std::span<const float> w,
           std::span<const float> moved);
  /// Those of the bias of the first product, which comes last in it.
  void add_bias(std::span<const float> g, std::span<const float> w, std::span<const float> moved);
  /// Of a piece behind the first product.
  void set(std::size_t piece, std::span<const float> g, std::span<const float> w,
           std::span<const float> moved);

  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }

  struct Squares {
    double gradient = 0;  ///< ‖∂L/∂θ‖²
    double update = 0;    ///< ‖Δθ‖², where an update was given
    void add(const Squares& other) {
      gradient += other.gradient;
      update += other.update;
    }
  };
  [[nodiscard]] Squares all() const;
  /// Of dense layer k, counted in their order.
  [[nodiscard]] Squares of_layer(std::size_t k) const;

 private:
  void cut(std::size_t first, std::size_t count, Piece like);
  static Squares squares(std::span<const float> g, std::span<const float> w,
                         std::span<const float> moved);

  bool linear_;
  std::size_t column_pieces_;
  std::vector<std::size_t> unit_input_;   // by unit of the first product: which of its layers
  std::vector<std::size_t> input_dense_;  // these layers' numbers among the dense ones
  std::vector<Squares> columns_;          // by input layer and piece of columns
  std::vector<Squares> bias_;             // by input layer
  std::vector<Piece> pieces_;
  std::vector<Squares> later_;  // by piece
};

}  // namespace fallline
