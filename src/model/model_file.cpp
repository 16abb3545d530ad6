#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <fallline/model/model_file.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "checked_size.hpp"
#include "data/number_scale.hpp"
#include "files/atomic_file.hpp"
#include "files/mapped_file.hpp"
#include "files/mappings.hpp"
#include "json_text.hpp"
#include "utf8.hpp"

namespace fallline {
namespace {

using Json = nlohmann::json;

constexpr int model_version = 1;
constexpr const char* file_name = "model.safetensors";
constexpr std::size_t length_bytes = 8;
constexpr std::uint64_t most_header_bytes = 100'000'000;  // as the format's own library has it
constexpr JsonBounds header_bounds{.depth = 16};

/// What of the schema has no key of its own: version 0.1 did not write it.
Json reading_of(const Schema& schema) {
  Json json = Json::object();
  if (schema.scale != NumberScale::any) json["scale"] = data::name_of(schema.scale);
  if (schema.label)
    json["label"] = {{"name", schema.label->name}, {"column", schema.label->column}};
  if (schema.index_base)
    json["index_base"] = {{"first", schema.index_base->first}, {"told", schema.index_base->told}};
  return json;
}

Json metadata(const Classifier& model) {
  // The format's metadata is a map of strings; numbers and lists are JSON within.
  Json meta{{"format", "fallline"},
            {"version", std::to_string(model_version)},
            {"model", model.network.linear() ? "linear" : "network"},
            {"loss", name_of(model.loss.kind)},
            {"delta", Json(model.loss.delta).dump()},
            {"l2", Json(model.penalty.l2).dump()},
            {"l1", Json(model.penalty.l1).dump()},
            {"preprocessing", name_of(model.preprocessing.kind)},
            {"class_names", Json(model.schema.class_names).dump(-1, ' ', true)},
            {"feature_names", Json(model.schema.feature_names).dump(-1, ' ', true)},
            {"schema", reading_of(model.schema).dump(-1, ' ', true)}};
  if (!model.network.linear()) meta["architecture"] = model.network.text();
  if (const auto& shape = model.schema.shape)
    meta["shape"] = Json{{"channels", shape->channels},
                         {"height", shape->height},
                         {"width", shape->width},
                         {"interleaved", shape->interleaved}}
                        .dump();
  return meta;
}

/// Appends tensors to the header and their bytes to the data, in the order given.
struct Tensors {
  Json header = Json::object();
  std::string data;

  void add(const std::string& name, std::vector<std::size_t> shape, std::span<const float> values) {
    const std::size_t begin = data.size();
    data.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    header[name] = {{"dtype", "F32"}, {"shape", shape}, {"data_offsets", {begin, data.size()}}};
  }
};

/// A safetensors file taken apart, every bound checked.
class Reader {
 public:
  Reader(const std::filesystem::path& path, std::uint64_t memory_limit)
      : file_(MappedFile::open(path)), name_(path.string()), memory_limit_(memory_limit) {
    const auto bytes = file_->bytes();
    if (bytes.size() < length_bytes) refuse("is too short for a model file", 0);
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), length_bytes);
    if (length > bytes.size() - length_bytes)
      refuse(fmt::format("the header of {} bytes is longer than the file", length), 0);
    if (length > most_header_bytes)
      refuse(fmt::format("the header of {} bytes is longer than any model's", length), 0);
    const auto* text = reinterpret_cast<const char*>(bytes.data()) + length_bytes;
    header_ = parse({text, length}, length_bytes);
    if (!header_.is_object()) refuse("the header is not a JSON object", length_bytes);
    data_ = bytes.subspan(length_bytes + length);
    // The parameters, and one tensor beside them on its way there.
    require_memory(product(2, data_.size()), memory_limit_, name_, "allow more memory");
    require_tensors_in_turn();
    if (text_of("format") != "fallline") refuse("is not a model of fallline", length_bytes);
    if (text_of("version") != std::to_string(model_version))
      refuse("is of version " + text_of("version") + ", and this program reads version 1",
             length_bytes);
  }

  [[noreturn]] void refuse(const std::string& problem,
                           std::optional<std::uint64_t> byte = std::nullopt) const {
    throw bad_input({.file = name_, .byte = byte}, problem,
                    "give a run directory or a model.safetensors that fallline wrote");
  }

  [[nodiscard]] bool has(const char* key) const {
    const auto meta = header_.find("__metadata__");
    return meta != header_.end() && meta->is_object() && meta->contains(key);
  }

  [[nodiscard]] std::string text_of(const char* key) const {
    if (!has(key) || !header_["__metadata__"][key].is_string())
      refuse(fmt::format("the metadata has no text '{}'", key));
    return header_["__metadata__"][key].get<std::string>();
  }

  /// The JSON value within a metadata text.
  template <class T>
  [[nodiscard]] T value_of(const char* key) const {
    try {
      return parse(text_of(key), std::nullopt).template get<T>();
    } catch (const Json::exception&) {
      refuse(fmt::format("the metadata '{}' cannot be read", key));
    }
  }

  [[nodiscard]] std::size_t size(const Json& json) const {
    if (!json.is_number_unsigned()) refuse("a size is no whole number from 0");
    return json.get<std::size_t>();
  }

  [[nodiscard]] std::optional<ImageShape> shape() const {
    if (!has("shape")) return std::nullopt;
    const auto json = value_of<Json>("shape");
    try {
      return ImageShape{.channels = size(json.at("channels")),
                        .height = size(json.at("height")),
                        .width = size(json.at("width")),
                        .interleaved = json.at("interleaved").get<bool>()};
    } catch (const Json::exception&) {
      refuse("the picture shape cannot be read");
    }
  }

  /// The shape and the numbers of a tensor.
  [[nodiscard]] std::pair<std::vector<std::size_t>, std::vector<float>> tensor(
      const std::string& name) {
    std::vector<std::size_t> dimensions;
    const auto [begin, end] = extent(name);
    try {
      const Json& entry = header_.at(name);
      if (entry.at("dtype") != "F32") refuse(fmt::format("tensor '{}' is not float32", name));
      for (const Json& n : entry.at("shape")) dimensions.push_back(size(n));
    } catch (const Json::exception&) {
      refuse(fmt::format("tensor '{}' is missing or not described properly", name));
    }
    std::size_t count = 1;
    for (const std::size_t n : dimensions) count = product(count, n);
    if ((end - begin) % 4 != 0 || (end - begin) / 4 != count)
      refuse(fmt::format("tensor '{}' has not the bytes that its shape needs", name));
    std::vector<float> values(count);
    if (count != 0) std::memcpy(values.data(), data_.data() + begin, count * 4);
    if (!std::ranges::all_of(values, [](float x) { return std::isfinite(x); }))
      refuse(fmt::format("tensor '{}' has numbers that are not finite", name));
    return {dimensions, values};
  }

  /// @throws Error(bad_input) where the file has fewer numbers than a model of that size.
  void require_numbers(std::uint64_t count) const {
    if (product(count, sizeof(float)) > data_.size())
      refuse(fmt::format("has no room for the {} numbers of such a model", count));
  }

 private:
  /// Where a tensor's bytes begin and end within the data.
  [[nodiscard]] std::pair<std::size_t, std::size_t> extent(const std::string& name) const {
    try {
      const Json& offsets = header_.at(name).at("data_offsets");
      if (offsets.is_array() && offsets.size() == 2) return {size(offsets[0]), size(offsets[1])};
    } catch (const Json::exception&) {
    }
    refuse(fmt::format("tensor '{}' is missing or not described properly", name));
  }

  /// The format's rule: tensors fill the data one after the other, with no gap, and never share.
  void require_tensors_in_turn() const {
    std::vector<std::pair<std::size_t, std::size_t>> extents;
    for (const auto& [name, entry] : header_.items())
      if (name != "__metadata__") extents.push_back(extent(name));
    std::ranges::sort(extents);
    std::size_t reached = 0;
    for (const auto& [begin, end] : extents) {
      if (begin != reached || end < begin)
        refuse(
            fmt::format("its tensors do not follow one another at byte {} of the data", reached));
      reached = end;
    }
    if (reached > data_.size())
      throw bad_input({.file = name_},
                      fmt::format("is cut short: {} of {} bytes of its tensors are there",
                                  data_.size(), reached),
                      "copy the file again, or train again");
    if (reached != data_.size())
      refuse(fmt::format("has {} bytes of data, and its tensors {}", data_.size(), reached));
  }

  [[nodiscard]] Json parse(std::string_view text, std::optional<std::uint64_t> byte) const {
    return parse_json<Json>(text, {.file = name_, .byte = byte}, header_bounds, memory_limit_);
  }

  std::shared_ptr<const MappedFile> file_;
  std::string name_;
  std::uint64_t memory_limit_;
  Json header_;
  std::span<const std::byte> data_;
};

/// What the file calls a block of the parameters.
std::string tensor_name(const Network& network, const ParameterBlock& block) {
  if (!network.linear()) return block.name;
  return block.role == BlockRole::weight ? "weight" : "bias";
}

void read_parameters(Reader& reader, Classifier& model) {
  for (const ParameterBlock& block : model.network.blocks()) {
    const std::string name = tensor_name(model.network, block);
    const auto [shape, values] = reader.tensor(name);
    if (values.size() != block.count || shape.empty() || shape[0] != block.rows)
      reader.refuse(fmt::format("tensor '{}' is not of the size that the model needs", name));
    model.parameters.insert(model.parameters.end(), values.begin(), values.end());
  }
}

/// Fills in what `reading_of` wrote; a model of version 0.1 has none of it.
void read_reading(const Reader& reader, Schema& schema) {
  if (!reader.has("schema")) return;
  const auto json = reader.value_of<Json>("schema");
  if (!json.is_object()) reader.refuse("the metadata 'schema' cannot be read");
  try {
    if (json.contains("scale")) {
      const auto scale = data::number_scale(json["scale"].get<std::string>());
      if (!scale) reader.refuse("the scale is neither bytes nor unit");
      schema.scale = *scale;
    }
    if (json.contains("label"))
      schema.label = {.name = json["label"].at("name").get<std::string>(),
                      .column = reader.size(json["label"].at("column"))};
    if (json.contains("index_base")) {
      const std::size_t first = reader.size(json["index_base"].at("first"));
      if (first > 1) reader.refuse("the index base is neither 0 nor 1");
      schema.index_base = {.first = static_cast<int>(first),
                           .told = json["index_base"].at("told").get<bool>()};
    }
  } catch (const Json::exception&) {
    reader.refuse("the metadata 'schema' cannot be read");
  }
}

Schema schema_of(const Reader& reader, std::size_t features) {
  Schema schema{.features = features,
                .feature_names = reader.value_of<std::vector<std::string>>("feature_names"),
                .class_names = reader.value_of<std::vector<std::string>>("class_names"),
                .shape = reader.shape()};
  read_reading(reader, schema);
  if ((schema.shape && schema.shape->features() != features) ||
      (!schema.feature_names.empty() && schema.feature_names.size() != features))
    reader.refuse("the parts of the model do not fit together");
  return schema;
}

Network network_of(const Reader& reader, const std::string& kind, std::size_t features,
                   std::size_t classes) {
  try {
    return Network::parse(kind == "linear" ? kind : reader.text_of("architecture"), features,
                          classes);
  } catch (const Error& error) {
    reader.refuse(error.problem());
  }
}

Classifier read(Reader& reader) {
  Classifier model;
  model.preprocessing = {.kind = preprocessing_kind(reader.text_of("preprocessing")),
                         .mean = reader.tensor("mean").second,
                         .scale = reader.tensor("scale").second};
  model.loss = {.kind = loss_kind(reader.text_of("loss")),
                .delta = reader.value_of<double>("delta")};
  model.penalty = {.l2 = reader.value_of<double>("l2"), .l1 = reader.value_of<double>("l1")};
  const std::size_t features = model.preprocessing.mean.size();
  if (model.preprocessing.scale.size() != features)
    reader.refuse("the parts of the model do not fit together");
  model.schema = schema_of(reader, features);
  const std::string kind = reader.text_of("model");
  if (kind != "linear" && kind != "network")
    reader.refuse(fmt::format("the model is a '{}', which this program does not know", kind));
  model.network = network_of(reader, kind, features, model.schema.class_names.size());
  reader.require_numbers(sum(model.network.parameters(), product(2, features)));
  read_parameters(reader, model);
  return model;
}

}  // namespace

void save_model(const Classifier& model, const std::filesystem::path& file) {
  require_utf8(model.schema.class_names, {.file = file.string()}, "class name");
  require_utf8(model.schema.feature_names, {.file = file.string()}, "feature name");
  if (model.schema.label)
    require_utf8({model.schema.label->name}, {.file = file.string()}, "column name");
  const std::size_t features = model.features();
  Tensors tensors;
  tensors.header["__metadata__"] = metadata(model);
  for (const ParameterBlock& block : model.network.blocks()) {
    std::vector<std::size_t> shape{block.rows};
    if (block.role == BlockRole::weight) shape.push_back(block.columns);
    tensors.add(tensor_name(model.network, block), std::move(shape),
                std::span(model.parameters).subspan(block.first, block.count));
  }
  tensors.add("mean", {features}, model.preprocessing.mean);
  tensors.add("scale", {features}, model.preprocessing.scale);
  std::string header = tensors.header.dump(-1, ' ', true);
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = header.size();
  AtomicFile out(file);
  out.write(std::as_bytes(std::span(&length, 1)));
  out.write(header);
  out.write(tensors.data);
  out.commit();
}

Classifier load_model(const std::filesystem::path& path, std::uint64_t memory_limit) {
  std::error_code ignored;
  Reader reader(std::filesystem::is_directory(path, ignored) ? path / file_name : path,
                memory_limit);
  try {
    return read_mapped([&] { return read(reader); });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::usage) throw;
    reader.refuse(error.problem());  // a name in the file that this program does not know
  }
}

}  // namespace fallline
