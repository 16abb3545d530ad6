#include "model_arguments.hpp"

#include <fallline/error.hpp>
#include <filesystem>

#include "configuration.hpp"
#include "console.hpp"
#include "spelling.hpp"

namespace fallline::tool {
namespace {

Dataset part_of(const Source& source, const ModelArguments& a, const std::string& part) {
  if (part == "all") return source.train;
  const Parts parts = divide(source, a.data.shares);
  const Dataset& chosen = part == "train"        ? parts.train
                          : part == "validation" ? parts.validation
                                                 : parts.test;
  if (chosen.empty())
    throw usage_error("there is no " + part + " part",
                      "choose another --part, or hold one out with --test-share");
  return chosen;
}

}  // namespace

void add_model_and_data(CLI::App& app, ModelArguments& a) {
  app.add_option("model", a.model, "Run directory or model.safetensors")->required();
  add_path(app, a.data, "File or directory with the data; without one, the data of the run");
  app.add_option("--part", a.part,
                 "train, validation, test or all; without it the test part, or all where the data "
                 "have none")
      ->check(one_of({"train", "validation", "test", "all"}))
      ->group("Parts");
  add_reading(app, a.data);
  add_dividing(app, a.data);
}

Chosen choose(CLI::App& app, ModelArguments& a, const Schema& learned, const Common& common) {
  const bool own_data = a.data.path.empty();
  if (own_data) {
    const std::filesystem::path run_toml = std::filesystem::path(a.model) / "run.toml";
    if (!std::filesystem::exists(run_toml))
      throw usage_error(
          "no data are named, and " + a.model + " is no run directory to take them from",
          "name a file or directory with data");
    take_configuration(app, run_toml.string(), false);
  }
  const Source source = load(a.data, common, &learned);
  narrate_data(source.train, source.format, common.quiet);
  narrate(source.notes, common.quiet);
  std::string part = a.part;
  // Data that a person names are taken whole, unless they come with a test part.
  const bool has_test = source.test || (own_data && a.data.shares.test > 0);
  if (part.empty()) part = has_test ? "test" : "all";
  return {.data = part_of(source, a, part), .part = part};
}

}  // namespace fallline::tool
