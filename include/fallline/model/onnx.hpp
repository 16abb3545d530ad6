#pragma once

#include <fallline/model/classifier.hpp>
#include <filesystem>

namespace fallline {

/// Writes the model as ONNX (ir version 8, operators of version 13), for other runtimes:
///
///     input   features  [examples, D]  float: as the data have them, before preprocessing
///     output  scores    [examples, C]  float
///     output  probabilities, where the loss is the softmax
///
/// Preprocessing is part of the graph (Sub, Mul), a dense layer is a Gemm, an activation its
/// operator (gelu: of Erf), a join an Add; dropouts are left out. The metadata have class names and
/// loss. Of the protocol buffers that ONNX is made of, this writes the dozen kinds of field it
/// needs.
/// @throws Error(output); Error(bad_input) where a name is not UTF-8; Error(usage) for a model of 2
/// GiB or more, which the format cannot hold
void save_onnx(const Classifier& model, const std::filesystem::path& file);

}  // namespace fallline
