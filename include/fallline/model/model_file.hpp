#pragma once

#include <fallline/model/classifier.hpp>
#include <filesystem>

namespace fallline {

/// Writes the model as safetensors: tensors `weight` [C,D] and `bias` [C] of a linear classifier,
/// or `LAYER.weight` and `LAYER.bias` of a network's layers, `mean` [D], `scale` [D] in float32,
/// and in the metadata the format's version, the network as `Network::text` has it, loss, penalty,
/// preprocessing and the schema of the data (names of features and classes, picture shape, cells,
/// the label's column, index base). The same model gives the same bytes.
/// @throws Error(output); Error(bad_input) where a name is not UTF-8
void save_model(const Classifier& model, const std::filesystem::path& file);

/// Reads a model file, or `model.safetensors` of a run directory.
/// @throws Error(bad_input) naming the file and what is wrong with it.
[[nodiscard]] Classifier load_model(const std::filesystem::path& path);

}  // namespace fallline
