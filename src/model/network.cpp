#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/error.hpp>
#include <fallline/model/network.hpp>
#include <fallline/random.hpp>
#include <set>
#include <utility>

#include "checked_size.hpp"
#include "names.hpp"

namespace fallline {
namespace {

using Kind = Layer::Kind;

constexpr Names<Activation, 5> activations{"activation",
                                           {{{Activation::relu, "relu"},
                                             {Activation::leaky_relu, "leaky-relu"},
                                             {Activation::tanh, "tanh"},
                                             {Activation::sigmoid, "sigmoid"},
                                             {Activation::gelu, "gelu"}}}};

constexpr Names<Initialisation, 3> initialisations{"initialisation",
                                                   {{{Initialisation::automatic, "auto"},
                                                     {Initialisation::he, "he"},
                                                     {Initialisation::glorot, "glorot"}}}};

/// So few that no number of bytes for a multiple of them wraps around.
constexpr std::size_t most_parameters = std::size_t{1} << 50U;

[[noreturn]] void refuse_layer(const Layer& layer, const std::string& problem,
                               const std::string& advice) {
  throw usage_error(fmt::format("layer '{}' {}", layer.name, problem), advice);
}

void require_reads(const std::vector<Layer>& layers, std::size_t l) {
  const Layer& layer = layers[l];
  const bool joins = layer.kind == Kind::add;
  if (joins ? layer.reads.size() < 2 : layer.reads.size() != 1)
    refuse_layer(layer, fmt::format("reads {} layers", layer.reads.size()),
                 joins ? "add reads two or more" : "it reads one");
  for (const std::size_t from : layer.reads) {
    if (from >= l)
      refuse_layer(layer, "reads one that does not come before it", "put them in order");
    if (from == 0 && layer.kind != Kind::dense)
      refuse_layer(layer, "reads the input", "only dense layers can: put one between");
    if (layer.kind != Kind::dense && layer.width != layers[from].width)
      refuse_layer(layer,
                   fmt::format("is {} wide, and '{}', which it reads, {}", layer.width,
                               layers[from].name, layers[from].width),
                   "give the layers that meet there the same number of units");
  }
}

}  // namespace

std::string_view name_of(Activation activation) { return activations.name_of(activation); }
Activation activation_named(std::string_view name) { return activations.value_of(name); }
std::string_view name_of(Initialisation initialisation) {
  return initialisations.name_of(initialisation);
}
Initialisation initialisation_named(std::string_view name) {
  return initialisations.value_of(name);
}

Network::Network(std::size_t classes, std::size_t features)
    : Network({{.name = "input", .width = features},
               {.name = "linear", .kind = Kind::dense, .reads = {0}, .width = classes}}) {}

Network::Network(std::vector<Layer> layers) : layers_(std::move(layers)) {
  validate();
  place_parameters();
}

void Network::validate() const {
  if (layers_.size() < 2 || layers_[0].kind != Kind::input)
    throw usage_error("a network needs an input and a layer that makes the scores",
                      "give one dense layer at least");
  std::set<std::string_view> names;
  std::set<std::size_t> read;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    if (!names.insert(layer.name).second)
      refuse_layer(layer, "is there twice", "give each layer a name of its own");
    if (l == 0) continue;
    if (layer.kind == Kind::input) refuse_layer(layer, "is a second input", "there is one");
    if (layer.width == 0) refuse_layer(layer, "has no units", "give it one at least");
    require_reads(layers_, l);
    if (!(layer.rate >= 0 && layer.rate < 1))
      refuse_layer(layer, fmt::format("drops a share of {}", layer.rate),
                   "it must be at least 0 and below 1");
    read.insert(layer.reads.begin(), layer.reads.end());
  }
  for (std::size_t l = 0; l + 1 < layers_.size(); ++l)
    if (!read.contains(l))
      refuse_layer(layers_[l], "is read by none", "let another read it, or leave it out");
}

bool Network::reads_input(std::size_t l) const {
  return layers_[l].kind == Kind::dense && layers_[l].reads[0] == 0;
}

bool Network::draws() const {
  return std::ranges::any_of(
      layers_, [](const Layer& layer) { return layer.kind == Kind::dropout && layer.rate > 0; });
}

void Network::add_block(std::size_t l, BlockRole role, std::size_t& at) {
  const Layer& layer = layers_[l];
  const bool weights = role == BlockRole::weight;
  const std::size_t columns = weights ? layers_[layer.reads[0]].width : 1;
  (weights ? weights_ : biases_)[l] = at;
  blocks_.push_back({.name = layer.name + (weights ? ".weight" : ".bias"),
                     .first = at,
                     .count = product(layer.width, columns),
                     .rows = layer.width,
                     .columns = columns,
                     .role = role});
  at = sum(at, product(layer.width, columns));
}

void Network::place_parameters() {
  weights_.assign(layers_.size(), 0);
  biases_.assign(layers_.size(), 0);
  std::size_t at = 0;
  for (const BlockRole role : {BlockRole::weight, BlockRole::bias})
    for (std::size_t l = 0; l < layers_.size(); ++l)
      if (reads_input(l)) add_block(l, role, at);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    if (reads_input(l)) {
      input_units_ += layers_[l].width;
    } else if (layers_[l].kind == Kind::dense) {
      add_block(l, BlockRole::weight, at);
      add_block(l, BlockRole::bias, at);
    }
  }
  if (at > most_parameters)
    throw Error(ErrorKind::not_enough_memory,
                fmt::format("the network has more than {} parameters", most_parameters),
                "give fewer units: no machine has the memory for so many");
  parameters_ = at;
}

std::size_t Network::input_unit_of(std::size_t l) const {
  return features() == 0 ? 0 : weights_[l] / features();
}

double Network::products() const {
  double sum = 0;
  for (const ParameterBlock& block : blocks_)
    if (block.role == BlockRole::weight) sum += static_cast<double>(block.count);
  return sum;
}

Initialisation Network::initialisation_of(std::size_t l) const {
  if (layers_[l].initialisation != Initialisation::automatic) return layers_[l].initialisation;
  // What reads it, through dropouts and sums, up to the first activation.
  std::vector<bool> carries(layers_.size());
  carries[l] = true;
  for (std::size_t k = l + 1; k < layers_.size(); ++k) {
    const Layer& layer = layers_[k];
    if (!std::ranges::any_of(layer.reads, [&](std::size_t r) { return carries[r]; })) continue;
    if (layer.kind == Kind::activation && is_rectifier(layer.activation)) return Initialisation::he;
    carries[k] = layer.kind == Kind::dropout || layer.kind == Kind::add;
  }
  return Initialisation::glorot;
}

std::vector<float> Network::initial_parameters(std::uint64_t seed, double scale) const {
  const Random random(seed, Purpose::initial_weights);
  std::vector<float> w(parameters_);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    if (layer.kind != Kind::dense) continue;
    const std::size_t in = layers_[layer.reads[0]].width;
    const std::size_t seen = initialisation_of(l) == Initialisation::he ? in : in + layer.width;
    const double deviation = linear() ? scale : std::sqrt(2 / static_cast<double>(seen));
    for (std::size_t i = weights_[l]; i < weights_[l] + in * layer.width; ++i)
      w[i] = static_cast<float>(deviation * random.normal(i));
  }
  return w;
}

}  // namespace fallline
