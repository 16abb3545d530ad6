#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fallline/error.hpp>
#include <fallline/model/network.hpp>
#include <fallline/nearest_name.hpp>
#include <string>
#include <utility>

#include "data/text.hpp"

namespace fallline {
namespace {

using Kind = Layer::Kind;

constexpr std::size_t most_units = 1U << 24U;
constexpr std::size_t most_layers = 1000;
constexpr std::size_t most_text = 1U << 20U;

std::string_view stripped(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> pieces(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(mark);
    parts.push_back(stripped(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::size_t count_of(std::string_view text, std::string_view what, std::size_t most) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0 || value > most)
    throw usage_error(fmt::format("{} is no number of {}", data::shown(text), what),
                      fmt::format("give a whole number from 1 to {}", most));
  return value;
}

double share_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw usage_error(fmt::format("{} is no share to drop", data::shown(text)),
                      "give a number from 0 on and below 1");
  return value;
}

/// The settings of `mlp:…`.
struct Mlp {
  std::vector<std::size_t> units;
  Activation activation = Activation::relu;
  double dropout = 0;
  Initialisation initialisation = Initialisation::automatic;
  std::size_t skip = 0;

  explicit Mlp(std::string_view text) {
    for (const std::string_view word : pieces(text, ',')) {
      const std::size_t equals = word.find('=');
      if (equals == std::string_view::npos)
        take_units(word);
      else
        take_setting(stripped(word.substr(0, equals)), stripped(word.substr(equals + 1)));
    }
    if (units.empty())
      throw usage_error("the network has no hidden layer",
                        "give units, as in mlp:512,256, or take linear");
  }

  void take_units(std::string_view word) {
    const std::size_t times = word.find('x');
    const std::size_t layers =
        times == std::string_view::npos
            ? 1
            : count_of(stripped(word.substr(times + 1)), "layers", most_layers);
    units.insert(units.end(), layers,
                 count_of(stripped(word.substr(0, times)), "units", most_units));
    if (units.size() > most_layers)
      throw usage_error(fmt::format("{} hidden layers are too many", units.size()),
                        fmt::format("give {} at the most", most_layers));
  }

  void take_setting(std::string_view key, std::string_view value) {
    if (key == "activation") {
      activation = activation_named(value);
    } else if (key == "dropout") {
      dropout = share_of(value);
    } else if (key == "init") {
      initialisation = initialisation_named(value);
    } else if (key == "skip") {
      skip = count_of(value, "layers to skip", most_layers);
    } else {
      throw usage_error(fmt::format("mlp has no setting {}", data::shown(key)),
                        "it has activation, dropout, init and skip");
    }
  }

  [[nodiscard]] std::vector<Layer> layers(std::size_t features, std::size_t classes) const {
    std::vector<Layer> all{{.name = "input", .width = features}};
    std::vector<std::size_t> outputs;  // of the hidden layers, after activation and sum
    std::size_t from = 0;
    for (std::size_t k = 0; k < units.size(); ++k) {
      const auto add = [&](std::string_view name, Layer layer) {
        layer.name = fmt::format("{}{}", name, k + 1);
        layer.width = units[k];
        all.push_back(std::move(layer));
        return all.size() - 1;
      };
      from = add("layer", {.kind = Kind::dense, .reads = {from}, .initialisation = initialisation});
      from = add("act", {.kind = Kind::activation, .reads = {from}, .activation = activation});
      if (skip != 0 && k >= skip && units[k] == units[k - skip])
        from = add("sum", {.kind = Kind::add, .reads = {from, outputs[k - skip]}});
      if (dropout != 0)
        from = add("drop", {.kind = Kind::dropout, .reads = {from}, .rate = dropout});
      outputs.push_back(from);
    }
    all.push_back({.name = fmt::format("layer{}", units.size() + 1),
                   .kind = Kind::dense,
                   .reads = {from},
                   .width = classes,
                   .initialisation = initialisation});
    return all;
  }
};

/// One layer of a graph: `NAME = KIND(ARGUMENTS) of LAYER, LAYER`.
class Line {
 public:
  Line(std::string_view text, const std::vector<Layer>& before, std::size_t classes)
      : text_(text), before_(before), classes_(classes) {}

  [[nodiscard]] Layer layer() const {
    const std::size_t equals = text_.find('=');
    const std::size_t of = text_.find(" of ");
    if (equals == std::string_view::npos || of == std::string_view::npos || of < equals)
      throw usage_error(fmt::format("{} is no layer", data::shown(text_)),
                        "write NAME = KIND of LAYER, as in act1 = relu of layer1");
    Layer layer{.name = std::string(stripped(text_.substr(0, equals)))};
    require_name(layer.name);
    for (const std::string_view name : pieces(text_.substr(of + 4), ','))
      layer.reads.push_back(place_of(name));
    const std::string_view kind = stripped(text_.substr(equals + 1, of - equals - 1));
    const std::size_t open = kind.find('(');
    std::vector<std::string_view> arguments;
    if (open != std::string_view::npos) {
      if (!kind.ends_with(')'))
        throw usage_error(fmt::format("{} has no closing bracket", data::shown(kind)), "add it");
      arguments = pieces(kind.substr(open + 1, kind.size() - open - 2), ',');
    }
    become(layer, stripped(kind.substr(0, open)), arguments);
    return layer;
  }

 private:
  static void require_name(std::string_view name) {
    const auto plain = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '-';
    };
    if (name.empty() || name.size() > 64 || !std::ranges::all_of(name, plain))
      throw usage_error(fmt::format("{} is no name for a layer", data::shown(name)),
                        "use letters, digits, - and _, 64 at the most");
  }

  [[nodiscard]] std::size_t place_of(std::string_view name) const {
    for (std::size_t l = 0; l < before_.size(); ++l)
      if (before_[l].name == name) return l;
    throw usage_error(fmt::format("there is no layer {} before this one: {}", data::shown(name),
                                  data::shown(text_)),
                      "a layer reads those that come before it; the first is 'input'");
  }

  void become(Layer& layer, std::string_view kind,
              const std::vector<std::string_view>& arguments) const {
    const auto want = [&](std::size_t least, std::size_t most) {
      if (arguments.size() < least || arguments.size() > most)
        throw usage_error(fmt::format("{} has {} arguments", data::shown(kind), arguments.size()),
                          "write dense(UNITS), dense(UNITS, he), dropout(RATE), relu or add");
    };
    layer.width = before_[layer.reads.front()].width;
    if (kind == "dense") {
      want(1, 2);
      layer.kind = Kind::dense;
      layer.width =
          arguments[0] == "classes" ? classes_ : count_of(arguments[0], "units", most_units);
      if (arguments.size() == 2) layer.initialisation = initialisation_named(arguments[1]);
    } else if (kind == "dropout") {
      want(1, 1);
      layer.kind = Kind::dropout;
      layer.rate = share_of(arguments[0]);
    } else if (kind == "add") {
      want(0, 0);
      layer.kind = Kind::add;
    } else {
      want(0, 0);
      layer.kind = Kind::activation;
      layer.activation = activation_named(kind);
    }
  }

  std::string_view text_;
  const std::vector<Layer>& before_;
  std::size_t classes_;
};

std::vector<Layer> graph(std::string_view text, std::size_t features, std::size_t classes) {
  std::vector<Layer> layers{{.name = "input", .width = features}};
  for (const std::string_view line : pieces(text, ';')) {
    if (line.empty()) continue;
    if (layers.size() > 4 * most_layers)
      throw usage_error("the network has too many layers",
                        fmt::format("give {} at the most", 4 * most_layers));
    layers.push_back(Line(line, layers, classes).layer());
  }
  return layers;
}

std::string kind_text(const Layer& layer, bool last) {
  switch (layer.kind) {
    case Kind::input:
      break;
    case Kind::dense: {
      const std::string units = last ? "classes" : std::to_string(layer.width);
      if (layer.initialisation == Initialisation::automatic) return fmt::format("dense({})", units);
      return fmt::format("dense({}, {})", units, name_of(layer.initialisation));
    }
    case Kind::activation:
      return std::string(name_of(layer.activation));
    case Kind::dropout:
      return fmt::format("dropout({})", layer.rate);
    case Kind::add:
      return "add";
  }
  return "input";
}

}  // namespace

Network Network::parse(std::string_view text, std::size_t features, std::size_t classes) {
  text = stripped(text);
  if (text.size() > most_text)
    throw usage_error(fmt::format("the text of the network has {} bytes", text.size()),
                      fmt::format("give {} at the most", most_text));
  if (text == "linear") return {classes, features};
  constexpr std::string_view mlp = "mlp:";
  if (text.starts_with(mlp)) return Network(Mlp(text.substr(mlp.size())).layers(features, classes));
  if (text.find('=') == std::string_view::npos)
    throw usage_error(
        fmt::format("there is no model {}", data::shown(text)),
        did_you_mean(text.substr(0, text.find(':')),
                     std::array<std::string_view, 2>{"linear", "mlp"}) +
            "choose linear, mlp:UNITS,UNITS…, or a graph: layer1 = dense(64) of input; …");
  Network network(graph(text, features, classes));
  if (network.classes() != classes)
    throw usage_error(fmt::format("the last layer, '{}', makes {} scores for {} classes",
                                  network.layers().back().name, network.classes(), classes),
                      "end with dense(classes)");
  return network;
}

std::string Network::text() const {
  if (linear()) return "linear";
  std::string text;
  for (std::size_t l = 1; l < layers_.size(); ++l) {
    std::vector<std::string_view> from;
    for (const std::size_t r : layers_[l].reads) from.push_back(layers_[r].name);
    text += fmt::format("{}{} = {} of {}", l == 1 ? "" : "; ", layers_[l].name,
                        kind_text(layers_[l], l + 1 == layers_.size()), fmt::join(from, ", "));
  }
  return text;
}

}  // namespace fallline
