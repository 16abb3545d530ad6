#pragma once

#include <fallline/model/classifier.hpp>
#include <filesystem>

namespace fallline {

/// @throws Error(usage) where `path` holds a run.
void require_no_run(const std::filesystem::path& path);

/// Makes the directory, with its parents. @throws Error(output)
void create_run(const std::filesystem::path& path);

/// Writes model.safetensors and, where the examples are pictures, templates.png.
void write_model(const Classifier& model, const std::filesystem::path& path);

}  // namespace fallline
