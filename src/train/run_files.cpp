#include "train/run_files.hpp"

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/model/model_file.hpp>
#include <fallline/model/templates.hpp>
#include <system_error>
#include <vector>

namespace fallline {
namespace {

/// All templates side by side, large enough to look at.
void write_templates(const Classifier& model, const std::filesystem::path& file) {
  // A thousand pictures that fill a wall are looked at by nobody.
  constexpr std::size_t most = 200;
  std::vector<Picture> templates = weight_templates(model);
  if (templates.empty()) return;
  templates.resize(std::min(most, templates.size()));
  constexpr std::size_t columns = 5;
  constexpr std::size_t height = 128;
  const std::size_t factor = std::max<std::size_t>(1, height / templates.front().height);
  std::vector<Picture> large;
  large.reserve(templates.size());
  for (const Picture& picture : templates) large.push_back(enlarge(picture, factor));
  write_png(file, tile(large, std::min(columns, large.size()), 4));
}

}  // namespace

void require_no_run(const std::filesystem::path& path) {
  for (const char* name : {"run.toml", "summary.json", "model.safetensors"})
    if (std::filesystem::exists(path / name))
      throw usage_error(path.string() + " holds a run already",
                        "choose another --run-directory, or remove it");
}

void create_run(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error)
    throw Error(ErrorKind::output, {.file = path.string()},
                "the run directory cannot be created: " + error.message(),
                "choose another with --run-directory");
}

void write_model(const Classifier& model, const std::filesystem::path& path) {
  save_model(model, path / "model.safetensors");
  write_templates(model, path / "templates.png");
}

}  // namespace fallline
