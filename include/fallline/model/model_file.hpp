#pragma once

#include <cstdint>
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
/// @param memory_limit  bytes that reading may take, the header's among them; 0: what there is
/// @throws Error(bad_input) naming the file and what is wrong with it; Error(not_enough_memory)
[[nodiscard]] Classifier load_model(const std::filesystem::path& path,
                                    std::uint64_t memory_limit = 0);

}  // namespace fallline
