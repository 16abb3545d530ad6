#include "objective/layer_norms.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/columns.hpp"

namespace fallline {

LayerNorms::LayerNorms(const Network& network, std::size_t column_blocks)
    : linear_(network.linear()), column_pieces_(column_blocks / piece_blocks + 1) {
  const auto& layers = network.layers();
  std::size_t dense = 0;
  for (std::size_t l = 0; l < layers.size(); ++l) {
    if (layers[l].kind != Layer::Kind::dense) continue;
    if (network.reads_input(l)) {
      unit_input_.insert(unit_input_.end(), layers[l].width, input_dense_.size());
      input_dense_.push_back(dense);
    } else {
      const std::size_t in = layers[layers[l].reads[0]].width;
      cut(network.weights_of(l), in * layers[l].width, {.dense = dense});
      cut(network.bias_of(l), layers[l].width, {.dense = dense, .role = BlockRole::bias});
    }
    ++dense;
  }
  columns_.resize(input_dense_.size() * column_pieces_);
  bias_.resize(input_dense_.size());
  later_.resize(pieces_.size());
}

void LayerNorms::cut(std::size_t first, std::size_t count, Piece like) {
  for (std::size_t i = 0; i < count; i += piece) {
    like.first = first + i;
    like.count = std::min(piece, count - i);
    pieces_.push_back(like);
  }
}

void LayerNorms::begin() {
  std::ranges::fill(columns_, Squares{});
  std::ranges::fill(bias_, Squares{});
  std::ranges::fill(later_, Squares{});
}

LayerNorms::Squares LayerNorms::squares(std::span<const float> g, std::span<const float> w,
                                        std::span<const float> moved) {
  return {.gradient = kernels::sum_of_squares(g.data(), g.size()),
          .update =
              moved.empty() ? 0 : kernels::sum_of_squared_moves(w.data(), moved.data(), g.size())};
}

void LayerNorms::add(std::size_t c, std::size_t block, std::span<const float> g,
                     std::span<const float> w, std::span<const float> moved) {
  constexpr std::size_t columns = piece_blocks * kernels::block;
  Squares* sums = columns_.data() + unit_input_[c] * column_pieces_;
  if (linear_) moved = {};
  for (std::size_t d = 0; d < g.size(); d += columns) {
    const std::size_t n = std::min(columns, g.size() - d);
    const Squares part =
        squares(g.subspan(d, n), w.subspan(d, n), moved.empty() ? moved : moved.subspan(d, n));
    sums[(block * kernels::block + d) / columns].add(part);
  }
}

void LayerNorms::add_bias(std::span<const float> g, std::span<const float> w,
                          std::span<const float> moved) {
  for (std::size_t c = 0; c < g.size(); ++c) {
    Squares& sum = bias_[unit_input_[c]];
    const double slope = g[c];
    sum.gradient += slope * slope;
    if (moved.empty()) continue;
    const double step = static_cast<double>(moved[c]) - static_cast<double>(w[c]);
    sum.update += step * step;
  }
}

void LayerNorms::set(std::size_t p, std::span<const float> g, std::span<const float> w,
                     std::span<const float> moved) {
  later_[p] = squares(g, w, moved);
}

LayerNorms::Squares LayerNorms::all() const {
  Squares sum;
  for (const auto* squares : {&columns_, &bias_, &later_})
    for (const Squares& part : *squares) sum.add(part);
  return sum;
}

LayerNorms::Squares LayerNorms::of_layer(std::size_t k) const {
  Squares sum;
  for (std::size_t j = 0; j < input_dense_.size(); ++j) {
    if (input_dense_[j] != k) continue;
    for (std::size_t p = 0; p < column_pieces_; ++p) sum.add(columns_[j * column_pieces_ + p]);
    sum.add(bias_[j]);
  }
  for (std::size_t p = 0; p < pieces_.size(); ++p)
    if (pieces_[p].dense == k) sum.add(later_[p]);
  return sum;
}

}  // namespace fallline
