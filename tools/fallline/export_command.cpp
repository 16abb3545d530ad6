#include <fmt/format.h>

#include <fallline/error.hpp>
#include <fallline/model/model_file.hpp>
#include <fallline/model/onnx.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "command.hpp"

namespace fallline::tool {
namespace {

struct ExportArguments {
  std::string model;
  std::string target;
  bool overwrite = false;
};

int run_export(const ExportArguments& a) {
  if (std::filesystem::exists(a.target) && !a.overwrite)
    throw Error(ErrorKind::output, {.file = a.target}, "there is such a file already",
                "name another, or give --overwrite");
  save_onnx(load_model(a.model), a.target);
  return Exit::success;
}

}  // namespace

void add_export(CLI::App& program, int& status) {
  auto a = std::make_shared<ExportArguments>();
  CLI::App* app =
      program.add_subcommand("export", "Write a model as ONNX, for other runtimes to load");
  app->add_option("model", a->model, "Run directory or model.safetensors")->required();
  app->add_option("target", a->target, "The ONNX file to write")->required();
  app->add_flag("--overwrite", a->overwrite, "Replace a file of that name")->group("Output");
  app->callback([a, &status] { status = run_export(*a); });
}

}  // namespace fallline::tool
