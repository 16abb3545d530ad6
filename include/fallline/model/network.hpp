#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/model/activation.hpp>
#include <fallline/model/parameter_block.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

/// How the weights of a layer of `in` inputs and `out` units begin; its bias begins at 0.
enum class Initialisation : std::uint8_t {
  automatic,  ///< `he` where a rectifier (ReLU, leaky ReLU, GELU) reads the layer, else `glorot`
  /// N(0, 2/in): half of what a rectifier sees is cut off, and with the 2 the squares keep their
  /// size from layer to layer. He, Zhang, Ren, Sun 2015, eq. 10.
  he,
  /// N(0, 2/(in + out)): a compromise between values that keep their size forwards and gradients
  /// that keep theirs backwards. Glorot, Bengio 2010, eq. 12.
  glorot,
};

[[nodiscard]] std::string_view name_of(Initialisation initialisation);
/// @throws Error(usage) that lists the names.
[[nodiscard]] Initialisation initialisation_named(std::string_view name);

/// One layer: what it makes of the layers that it reads.
struct Layer {
  enum class Kind : std::uint8_t {
    input,       ///< the D features after preprocessing; always the first, and only that
    dense,       ///< y = W x + b, fully connected
    activation,  ///< y_k = φ(x_k)
    dropout,  ///< in training y_k = x_k m_k/(1 − rate), m_k = 0 with probability `rate`, else 1
    add,      ///< y = x + x′ + …, of layers of one width: where branches join
  };

  std::string name;
  Kind kind = Kind::input;
  std::vector<std::size_t> reads = {};  ///< layers before it, by their place in the network
  std::size_t width = 0;                ///< numbers it makes of an example
  Activation activation = Activation::relu;
  double rate = 0;  ///< of a dropout, in [0, 1)
  Initialisation initialisation = Initialisation::automatic;

  bool operator==(const Layer&) const = default;
};

/// A score function f(x; w): a chain of layers, or a graph where chains branch and join. The last
/// layer makes the C scores.
///
/// A network is differentiated by the chain rule, as vector–Jacobian products: with ḡ = ∂L/∂y of a
/// layer y = h(x; θ), ∂L/∂x = ḡᵀ ∂h/∂x and ∂L/∂θ = ḡᵀ ∂h/∂θ. What several layers read gets the sum
/// of what they send back: gradients are summed over every path from a parameter to the loss.
///
/// The P parameters lie in one buffer. First come the layers that read the input: their weights row
/// by row, one such layer after another, then their biases; W and b of a linear classifier, which
/// is the network of one such layer. Each other dense layer follows with weights and then bias.
class Network {
 public:
  Network() = default;

  /// The linear score function f = W x + b.
  Network(std::size_t classes, std::size_t features);

  /// @param layers  the first one is the input
  /// @throws Error(usage) naming the layer: one that reads itself, a later one or no known one;
  ///         widths that do not fit; an input that something else than a dense layer reads; a layer
  ///         that nothing reads; a name twice; a rate out of its bounds
  explicit Network(std::vector<Layer> layers);

  /// A network for so many features and classes from its text:
  ///
  ///     linear
  ///     mlp:512,256                     units of the hidden layers; 16x20: twenty of 16
  ///     mlp:512,256,activation=tanh,dropout=0.2,init=glorot,skip=2
  ///     layer1 = dense(64) of input; act1 = relu of layer1; sum = add of act1, act0; …
  ///
  /// The last form has any graph, a layer each: `dense(UNITS)` or `dense(UNITS, he)`, the names of
  /// activations, `dropout(RATE)`, `add`; the last is a `dense(classes)`, or what is as wide.
  /// `skip=K`: the activation K layers before is added to each one of its width.
  /// @throws Error(usage) that says which word it does not know, or as the constructor
  [[nodiscard]] static Network parse(std::string_view text, std::size_t features,
                                     std::size_t classes);

  /// The text that `parse` makes this network of, whatever the features and classes: `linear`, or a
  /// graph.
  [[nodiscard]] std::string text() const;

  [[nodiscard]] const std::vector<Layer>& layers() const { return layers_; }
  [[nodiscard]] const std::vector<ParameterBlock>& blocks() const { return blocks_; }
  [[nodiscard]] std::size_t features() const { return layers_.empty() ? 0 : layers_[0].width; }
  [[nodiscard]] std::size_t classes() const { return layers_.empty() ? 0 : layers_.back().width; }
  [[nodiscard]] std::size_t parameters() const { return parameters_; }  ///< P
  [[nodiscard]] bool linear() const { return layers_.size() == 2; }
  [[nodiscard]] bool draws() const;  ///< whether training draws random numbers: a dropout

  /// Units of all layers that read the input: the width of the first product.
  [[nodiscard]] std::size_t input_units() const { return input_units_; }
  /// Where the weights of dense layer `l` begin in the parameters, and where its bias does.
  [[nodiscard]] std::size_t weights_of(std::size_t l) const { return weights_[l]; }
  [[nodiscard]] std::size_t bias_of(std::size_t l) const { return biases_[l]; }
  /// The first of a dense layer's units among those of all layers that read the input.
  [[nodiscard]] std::size_t input_unit_of(std::size_t l) const;
  [[nodiscard]] bool reads_input(std::size_t l) const;

  /// Multiply-adds of all products for one example, forwards.
  [[nodiscard]] double products() const;

  /// Where training starts: weights by each layer's initialisation, with normal draws i of `seed`
  /// for parameter i. The weights of a linear classifier are `scale` times N(0, 1) instead: its
  /// objective is a bowl, and 0 a good place in it.
  [[nodiscard]] std::vector<float> initial_parameters(std::uint64_t seed, double scale) const;
  /// The initialisation in force for dense layer l.
  [[nodiscard]] Initialisation initialisation_of(std::size_t l) const;

  bool operator==(const Network& other) const { return layers_ == other.layers_; }

 private:
  void validate() const;
  void place_parameters();
  void add_block(std::size_t l, BlockRole role, std::size_t& at);

  std::vector<Layer> layers_;
  std::vector<ParameterBlock> blocks_;  // in the order of the parameters
  std::vector<std::size_t> weights_;    // by layer
  std::vector<std::size_t> biases_;     // by layer
  std::size_t parameters_ = 0;
  std::size_t input_units_ = 0;
};

}  // namespace fallline
