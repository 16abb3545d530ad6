#pragma once

#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/model/network.hpp>
#include <fallline/workers.hpp>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include "model/layer_values.hpp"
#include "model/score_pass.hpp"

namespace fallline {

/// Scores of many examples by a network, batch by batch, and gradients back from them.
///
/// The layers that read the input are one linear model of the rows where they lie: a `ScorePass`,
/// whose "classes" are their units. A linear classifier is no more than that. What follows is done
/// for 64 examples at a time on one thread: layers, `visit`, and back through the layers.
class NetworkPass {
 public:
  /// @param arithmetic  of the products with the input; not automatic
  NetworkPass(Dataset data, const Preprocessing& preprocessing, const Network& network,
              Workers& workers, Arithmetic arithmetic = Arithmetic::floats);

  [[nodiscard]] const Dataset& data() const { return first_.data(); }
  [[nodiscard]] const Network& network() const { return network_; }
  [[nodiscard]] std::size_t classes() const { return network_.classes(); }
  /// The product with the input.
  [[nodiscard]] ScorePass& first() { return first_; }

  /// Takes all parameters as those of the next batches. Those behind the first product are read
  /// where they lie.
  void set_parameters(std::span<const float> parameters);
  /// Takes those behind the first product.
  void set_later_parameters(std::span<const float> parameters);
  /// The parameters of the first product, which come first.
  [[nodiscard]] std::size_t first_parameters() const {
    return network_.input_units() * (network_.features() + 1);
  }

  /// Examples of a batch at most, forwards, and with gradients.
  [[nodiscard]] std::size_t most() const { return most_; }
  [[nodiscard]] std::size_t most_staged() const { return std::min(most_, first_.most_staged()); }
  /// Those that a network has room for, whatever the rows.
  [[nodiscard]] static std::size_t most_of(const Network& network);

  /// As `ScorePass::run`: scores of `examples`, and `visit(first, count)` for every 16 positions.
  template <class Visit>
  void run(std::span<const std::size_t> examples, Visit&& visit) {
    if (later_ == nullptr) return first_.run(examples, visit);
    first_.run(examples, [&](std::size_t i, std::size_t count) { take_block(i, count); });
    for_tiles(examples.size(), [&](std::size_t first, std::size_t count) {
      forward(first, count, {});
      for_blocks(first, count, visit);
    });
  }

  /// As `ScorePass::run_all`, and ends where `done` returns false.
  template <class Each, class Done>
  void run_all(Each&& each, Done&& done) {
    std::vector<std::size_t> indices(most_);
    for (std::size_t first = 0; first < data().size(); first += most_) {
      const std::size_t n = std::min(most_, data().size() - first);
      std::iota(indices.begin(), indices.begin() + static_cast<std::ptrdiff_t>(n), first);
      run(std::span(indices).first(n),
          [&](std::size_t i, std::size_t count) { each(first, i, count); });
      if (!done(first, n)) return;
    }
  }

  /// As `ScorePass::run_staged`. `visit` replaces the scores of its block by ∂L/∂f, and where it
  /// has, the first product has ∂L/∂(its own scores) for scores.
  template <class Visit>
  void run_staged(std::span<const std::size_t> examples, std::span<const std::size_t> upcoming,
                  const DropoutDraw& draw, Visit&& visit) {
    if (later_ == nullptr) return first_.run_staged(examples, upcoming, visit);
    count_ = examples.size();
    first_.run_staged(examples, upcoming,
                      [&](std::size_t i, std::size_t count) { take_block(i, count); });
    for_tiles(examples.size(), [&](std::size_t first, std::size_t count) {
      forward(first, count, draw);
      for_blocks(first, count, visit);
      backward(first, count);
    });
  }

  /// The scores of the 16 positions from `first` on, C×16: those of one class after another.
  [[nodiscard]] std::span<float> scores(std::size_t first) {
    if (later_ == nullptr) return first_.scores(first);
    return std::span(scores_).subspan(first * classes(), kernels::block * classes());
  }
  /// The score of position i for class c.
  [[nodiscard]] float score(std::size_t i, std::size_t c) const {
    if (later_ == nullptr) return first_.score(i, c);
    const std::size_t first = i / kernels::block * kernels::block;
    return scores_[first * classes() + c * kernels::block + i - first];
  }

  /// ∂L/∂ of the parameters behind the first product over the last staged batch, into their places
  /// of `g`, P numbers; added to them where `add`.
  void later_gradient(bool add, std::span<float> g);
  /// Units of an activation that were 0 for each example of the last staged batch.
  [[nodiscard]] std::size_t dead_units(std::size_t layer) {
    return later_->dead_units(layer, count_);
  }

  /// Bytes beside those of the first product.
  [[nodiscard]] static std::size_t working_bytes(const Network& network);

 private:
  /// Examples of a piece behind the first product: enough that packing the weights for it, which a
  /// product does anew, is a small part of it, and few enough for two threads to share a batch.
  static constexpr std::size_t tile = 64;

  template <class Work>
  void for_tiles(std::size_t n, Work&& work) {
    workers_.for_each((n + tile - 1) / tile,
                      [&](std::size_t t) { work(t * tile, std::min(tile, n - t * tile)); });
  }
  template <class Visit>
  void for_blocks(std::size_t first, std::size_t count, Visit& visit) {
    for (std::size_t i = first; i < first + count; i += kernels::block)
      visit(i, std::min(kernels::block, first + count - i));
  }

  void take_block(std::size_t first, std::size_t count);
  void forward(std::size_t first, std::size_t count, const DropoutDraw& draw);
  void backward(std::size_t first, std::size_t count);

  Network network_;
  Workers& workers_;
  std::size_t most_;
  ScorePass first_;
  std::unique_ptr<LayerValues<float>> later_;  // null for a linear model
  AlignedVector<float> scores_;                // most × C, where there are later layers
  std::size_t count_ = 0;                      // of the last staged batch
};

}  // namespace fallline
