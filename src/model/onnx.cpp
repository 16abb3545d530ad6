#include <fmt/format.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/model/onnx.hpp>
#include <fallline/version.hpp>
#include <nlohmann/json.hpp>
#include <numbers>
#include <span>
#include <vector>

#include "files/atomic_file.hpp"
#include "model/protobuf.hpp"
#include "utf8.hpp"

namespace fallline {
namespace {

using Kind = Layer::Kind;

/// Fields by their numbers in onnx.proto.
namespace onnx {
enum Model : std::uint32_t {
  ir_version = 1,
  producer = 2,
  producer_version = 3,
  graph = 7,
  opset = 8,
  metadata = 14
};
enum Graph : std::uint32_t { node = 1, graph_name = 2, initializer = 5, input = 11, output = 12 };
enum Node : std::uint32_t {
  node_input = 1,
  node_output = 2,
  node_name = 3,
  op_type = 4,
  attribute = 5
};
enum Attribute : std::uint32_t {
  attribute_name = 1,
  float_value = 2,
  int_value = 3,
  attribute_type = 20
};
enum Tensor : std::uint32_t { dims = 1, data_type = 2, tensor_name = 8, raw_data = 9 };

constexpr std::uint64_t float_type = 1;
constexpr std::uint64_t attribute_is_float = 1;
constexpr std::uint64_t attribute_is_int = 2;
}  // namespace onnx

Message int_attribute(std::string_view name, std::uint64_t value) {
  return Message()
      .text(onnx::attribute_name, name)
      .integer(onnx::int_value, value)
      .integer(onnx::attribute_type, onnx::attribute_is_int);
}
Message float_attribute(std::string_view name, float value) {
  return Message()
      .text(onnx::attribute_name, name)
      .number(onnx::float_value, value)
      .integer(onnx::attribute_type, onnx::attribute_is_float);
}

/// `[examples, width]` floats.
Message value_info(std::string_view name, std::size_t width) {
  const Message shape =
      Message().message(1, Message().text(2, "examples")).message(1, Message().integer(1, width));
  const Message tensor = Message().integer(1, onnx::float_type).message(2, shape);
  return Message().text(1, name).message(2, Message().message(1, tensor));
}

/// The graph of a model, operator by operator.
class OnnxGraph {
 public:
  explicit OnnxGraph(const Classifier& model) : model_(model) {}

  [[nodiscard]] Message message() {
    const std::size_t features = model_.features();
    tensor("mean", {features}, model_.preprocessing.mean);
    tensor("scale", {features}, model_.preprocessing.scale);
    add("Sub", {"features", "mean"}, "centred");
    add("Mul", {"centred", "scale"}, "input");
    const auto& layers = model_.network.layers();
    for (std::size_t l = 1; l < layers.size(); ++l) add_layer(l);
    add("Identity", {name_of_layer(layers.size() - 1)}, "scores");
    const bool soft = model_.loss.kind == LossKind::softmax;
    if (soft) add("Softmax", {"scores"}, "probabilities", {int_attribute("axis", 1)});
    graph_.text(onnx::graph_name, "fallline")
        .message(onnx::input, value_info("features", features));
    graph_.message(onnx::output, value_info("scores", model_.classes()));
    if (soft) graph_.message(onnx::output, value_info("probabilities", model_.classes()));
    return graph_;
  }

 private:
  /// Apart from the names that are the graph's own.
  [[nodiscard]] std::string name_of_layer(std::size_t l) const {
    return l == 0 ? "input" : "layer/" + model_.network.layers()[l].name;
  }

  void add_layer(std::size_t l) {
    const Layer& layer = model_.network.layers()[l];
    const std::string x = name_of_layer(layer.reads[0]);
    const std::string y = name_of_layer(l);
    switch (layer.kind) {
      case Kind::input:
        return;
      case Kind::dense:
        add_parameters(l, y);
        return add("Gemm", {x, y + ".weight", y + ".bias"}, y, {int_attribute("transB", 1)});
      case Kind::activation:
        return add_activation(layer.activation, x, y);
      case Kind::dropout:
        return add("Identity", {x}, y);
      case Kind::add: {
        std::string sum = x;
        for (std::size_t r = 1; r < layer.reads.size(); ++r) {
          const bool last = r + 1 == layer.reads.size();
          const std::string next = last ? y : fmt::format("{}.{}", y, r);
          add("Add", {sum, name_of_layer(layer.reads[r])}, next);
          sum = next;
        }
      }
    }
  }

  void add_parameters(std::size_t l, const std::string& name) {
    const Network& network = model_.network;
    const std::size_t units = network.layers()[l].width;
    const std::size_t in = network.layers()[network.layers()[l].reads[0]].width;
    const std::span<const float> all(model_.parameters);
    tensor(name + ".weight", {units, in}, all.subspan(network.weights_of(l), units * in));
    tensor(name + ".bias", {units}, all.subspan(network.bias_of(l), units));
  }

  void add_activation(Activation activation, const std::string& x, const std::string& y) {
    switch (activation) {
      case Activation::relu:
        return add("Relu", {x}, y);
      case Activation::leaky_relu:
        return add("LeakyRelu", {x}, y,
                   {float_attribute("alpha", static_cast<float>(leaky_slope))});
      case Activation::tanh:
        return add("Tanh", {x}, y);
      case Activation::sigmoid:
        return add("Sigmoid", {x}, y);
      case Activation::gelu:
        break;
    }
    constant("half", 0.5F);
    constant("one", 1);
    constant("root_half", static_cast<float>(std::numbers::sqrt2 / 2));
    add("Mul", {x, "root_half"}, y + ".scaled");
    add("Erf", {y + ".scaled"}, y + ".erf");
    add("Add", {y + ".erf", "one"}, y + ".shifted");
    add("Mul", {x, "half"}, y + ".halved");
    add("Mul", {y + ".halved", y + ".shifted"}, y);
  }

  void add(std::string_view operation, const std::vector<std::string>& from, const std::string& to,
           const std::vector<Message>& attributes = {}) {
    Message m;
    for (const std::string& name : from) m.text(onnx::node_input, name);
    m.text(onnx::node_output, to).text(onnx::node_name, to).text(onnx::op_type, operation);
    for (const Message& a : attributes) m.message(onnx::attribute, a);
    graph_.message(onnx::node, m);
  }

  void tensor(const std::string& name, const std::vector<std::size_t>& shape,
              std::span<const float> values) {
    Message m;
    for (const std::size_t n : shape) m.integer(onnx::dims, n);
    const auto bytes = std::as_bytes(values);
    m.integer(onnx::data_type, onnx::float_type).text(onnx::tensor_name, name);
    m.text(onnx::raw_data, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    graph_.message(onnx::initializer, m);
  }

  void constant(const std::string& name, float value) {
    if (std::ranges::find(constants_, name) != constants_.end()) return;
    constants_.push_back(name);
    tensor(name, {}, {&value, 1});
  }

  const Classifier& model_;
  Message graph_;
  std::vector<std::string> constants_;
};

Message property(std::string_view key, std::string_view value) {
  return Message().text(1, key).text(2, value);
}

}  // namespace

void save_onnx(const Classifier& model, const std::filesystem::path& file) {
  constexpr std::uint64_t most = std::uint64_t{1} << 31U;
  const std::uint64_t bytes = 4 * (std::uint64_t{model.parameters.size()} + 2 * model.features());
  if (bytes > most - (1U << 20U))
    throw usage_error(
        fmt::format("the model has {} bytes, and an ONNX file holds less than 2 GiB", bytes),
        "export a smaller one");
  require_utf8(model.schema.class_names, {.file = file.string()}, "class name");
  const nlohmann::json names = model.schema.class_names;
  const Message whole =
      Message()
          .integer(onnx::ir_version, 8)
          .text(onnx::producer, "fallline")
          .text(onnx::producer_version, version)
          .message(onnx::graph, OnnxGraph(model).message())
          .message(onnx::opset, Message().text(1, "").integer(2, 13))
          .message(onnx::metadata, property("class_names", names.dump(-1, ' ', true)))
          .message(onnx::metadata, property("loss", name_of(model.loss.kind)));
  AtomicFile out(file);
  out.write(whole.bytes());
  out.commit();
}

}  // namespace fallline
