#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/model/network.hpp>
#include <span>
#include <vector>

#include "aligned.hpp"

namespace fallline {

/// Which random numbers a dropout takes: those of a step. None: nothing is dropped.
struct DropoutDraw {
  std::uint64_t seed = 0;
  std::uint64_t step = 0;    ///< from 1; 0: none
  std::size_t position = 0;  ///< of the first example in its batch
};

/// Values and gradients of a network's layers for some examples, and the formulas between them.
///
/// Of n examples a layer of K units has an n×K matrix Y, row by row, and one of ∂L/∂Y. Examples are
/// taken in any pieces; a product's order of sums depends on how many there are in a piece, so that
/// pieces must not depend on the threads.
///
/// @tparam T  float in training, double in checks
template <class T>
class LayerValues {
 public:
  /// @param examples  the most that there is room for
  /// @param given     layers that read the input have their values from elsewhere, and what is sent
  ///                  back ends with their gradients
  LayerValues(const Network& network, std::size_t examples, bool given);
  virtual ~LayerValues() = default;
  LayerValues(const LayerValues&) = delete;
  LayerValues& operator=(const LayerValues&) = delete;

  [[nodiscard]] const Network& network() const { return network_; }

  /// The parameters of what follows; they are read where they lie.
  void set_parameters(std::span<const T> parameters) { parameters_ = parameters; }

  /// Row i of layer l.
  [[nodiscard]] T* value(std::size_t l, std::size_t i) { return values_[l].data() + i * width(l); }
  [[nodiscard]] T* gradient(std::size_t l, std::size_t i) {
    return gradients_[l].data() + i * width(l);
  }

  /// Values of `count` examples from `first` on, layer after layer.
  void forward(std::size_t first, std::size_t count, const DropoutDraw& draw = {});
  /// From the gradients of the last layer to those of all others.
  void backward(std::size_t first, std::size_t count);

  /// One layer's value from those that it reads.
  void forward(std::size_t l, std::size_t first, std::size_t count, const DropoutDraw& draw);
  /// The vector–Jacobian product with the values that a layer reads: gradients of these, from its
  /// own, set where the layer is the last of their readers, and else added.
  virtual void backward(std::size_t l, std::size_t first, std::size_t count);

  /// A rectangle of a dense layer's weights, or its bias where `rows` is 0.
  struct Tile {
    std::size_t layer = 0;
    std::size_t row = 0;
    std::size_t rows = 0;
    std::size_t column = 0;
    std::size_t columns = 0;
  };
  /// Tiles that cover all weights and biases once that are not given; they depend on the network
  /// alone.
  [[nodiscard]] const std::vector<Tile>& tiles() const { return tiles_; }
  /// ∂L/∂ those parameters over the first `count` examples, into their places in `g`, P numbers;
  /// added to what is there where `add`.
  virtual void parameter_gradient(const Tile& tile, std::size_t count, bool add, std::span<T> g);

  /// Units of layer l, an activation, that are 0 for each of the first `count` examples.
  [[nodiscard]] std::size_t dead_units(std::size_t l, std::size_t count);

  /// Bytes for so many examples.
  [[nodiscard]] static std::size_t bytes(const Network& network, std::size_t examples);

 private:
  [[nodiscard]] std::size_t width(std::size_t l) const { return network_.layers()[l].width; }
  [[nodiscard]] bool is_given(std::size_t l) const;
  void make_tiles();
  void drop(std::size_t l, std::size_t first, std::size_t count, const DropoutDraw& draw);
  void send_back(std::size_t l, std::size_t to, std::size_t first, std::size_t count);

  Network network_;
  bool given_;
  std::span<const T> parameters_;
  std::vector<AlignedVector<T>> values_;     // by layer
  std::vector<AlignedVector<T>> gradients_;  // by layer
  std::vector<std::vector<T>> masks_;        // by layer, of a dropout: 0 or 1/(1 − rate)
  std::vector<std::size_t> last_reader_;     // by layer
  // Room to work in, by layer: sums of a bias, and which units were not 0.
  std::vector<std::vector<double>> sums_;
  std::vector<std::vector<unsigned char>> active_;
  std::vector<Tile> tiles_;
};

extern template class LayerValues<float>;
extern template class LayerValues<double>;

}  // namespace fallline
