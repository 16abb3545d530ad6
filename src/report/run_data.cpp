#include "report/run_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fallline/data/picture.hpp>
#include <fallline/error.hpp>
#include <fallline/model/model_file.hpp>
#include <fallline/model/templates.hpp>
#include <fallline/objective/mistakes.hpp>
#include <fallline/train/configuration.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "files/regular_file.hpp"
#include "json_text.hpp"
#include "report/documents.hpp"
#include "report/history.hpp"
#include "report/text.hpp"

namespace fallline::report {
namespace {

namespace fs = std::filesystem;

/// The first of the files that is there.
std::optional<fs::path> first_of(const fs::path& directory,
                                 std::initializer_list<const char*> names) {
  std::error_code ignored;
  for (const char* name : names)
    if (fs::is_regular_file(directory / name, ignored)) return directory / name;
  return {};
}

std::optional<fs::path> lines_of(const fs::path& directory, const std::string& name) {
  return first_of(directory, {name.c_str(), (name + ".partial").c_str()});
}

void require_run(const fs::path& directory) {
  if (first_of(directory, {"run.toml", "summary.json", "history.jsonl", "history.jsonl.partial"}))
    return;
  std::error_code ignored;
  const bool there = fs::is_directory(directory, ignored);
  throw bad_input({.file = directory.string()},
                  there ? "is a directory, and holds no run" : "is no directory",
                  "name the directory of a run, such as 'fallline train' writes");
}

/// A matrix of many classes can be neither read nor told from its neighbours.
void leave_out_large_confusions(Json& summary, std::vector<std::string>& notes) {
  constexpr std::size_t most_classes = 256;
  std::size_t classes = 0;
  for (const char* name : {"train", "validation", "test"}) {
    const auto part = summary.find(name);
    if (part == summary.end() || !part->is_object() || !part->contains("confusion")) continue;
    if ((*part)["confusion"].size() <= most_classes) continue;
    classes = (*part)["confusion"].size();
    part->erase("confusion");
  }
  if (classes > 0)
    notes.push_back(fmt::format("the confusion of {} classes is in summary.json alone", classes));
}

Json summary_of(const fs::path& directory, std::uint64_t memory_limit,
                std::vector<std::string>& notes) {
  const auto file = first_of(directory, {"summary.json"});
  if (!file) {
    notes.emplace_back("there is no summary: the run is under way, or was killed");
    return {};
  }
  Json summary = parse_json<Json>(read_small_file(*file, most_document_bytes, memory_limit),
                                  {.file = file->string()}, ordered_bounds, memory_limit);
  if (!summary.is_object())
    throw bad_input({.file = file->string()}, "is not one JSON object", "leave the run out");
  leave_out_large_confusions(summary, notes);
  return summary;
}

Json pictures_of(const Classifier& model, std::vector<std::string>& notes) {
  constexpr std::size_t most = 200;
  const std::vector<Picture> templates = weight_templates(model);
  Json list = Json::array();
  for (std::size_t c = 0; c < std::min(most, templates.size()); ++c)
    list.push_back({{"class", model.network.linear() ? model.schema.class_names[c] : ""},
                    {"width", templates[c].width},
                    {"height", templates[c].height},
                    {"image", data_uri("image/png", encode_png(templates[c]))}});
  if (templates.size() > most)
    notes.push_back(
        fmt::format("of {} weight templates the first {} are shown", templates.size(), most));
  return list;
}

/// A picture of the example, where it is one that can be shown.
Json image_of(const Dataset& data, std::size_t example) {
  const auto& shape = data.shape();
  if (!shape || (shape->channels != 1 && shape->channels != 3)) return {};
  return data_uri("image/png", encode_png(picture_of(data, example)));
}

Json mistakes_of(const Classifier& model, const ReportRun& run, Workers& workers) {
  constexpr std::size_t shown = 12;
  const Mistakes found = most_confidently_wrong(model, run.examples, shown, workers);
  Json json{{"part", run.part},
            {"examples", found.examples},
            {"wrong", found.wrong},
            {"probabilities", found.probabilities},
            {"surest", Json::array()}};
  for (const Mistake& m : found.surest)
    json["surest"].push_back({{"example", m.example + 1},
                              {"class", model.schema.class_names[m.label]},
                              {"predicted", model.schema.class_names[m.predicted]},
                              {"confidence", number(m.confidence)},
                              {"image", image_of(run.examples, m.example)}});
  return json;
}

void add_model(Json& json, const ReportRun& run, Workers& workers, std::uint64_t memory_limit,
               std::vector<std::string>& notes) {
  const auto file = first_of(run.directory, {"model.safetensors"});
  if (!file) return;
  const Classifier model = load_model(*file, memory_limit);
  json["templates"] = pictures_of(model, notes);
  if (run.examples.empty()) return;
  try {
    json["mistakes"] = mistakes_of(model, run, workers);
  } catch (const Error& error) {
    notes.push_back(fmt::format("the surest mistakes are left out: {}", error.what()));
  }
}

}  // namespace

Json run_data(const ReportRun& run, Workers& workers, std::uint64_t memory_limit) {
  require_run(run.directory);
  std::vector<std::string> notes = run.notes;
  Json json{{"name", run.directory.lexically_normal().string()}};
  json["summary"] = summary_of(run.directory, memory_limit, notes);
  if (const auto file = first_of(run.directory, {"run.toml"}))
    json["configuration"] = read_small_file(*file, most_configuration_bytes, memory_limit);
  if (const auto file = lines_of(run.directory, "history.jsonl"))
    json["history"] = columns_of(*file);
  if (const auto file = lines_of(run.directory, "epochs.jsonl")) json["epochs"] = columns_of(*file);
  add_model(json, run, workers, memory_limit, notes);
  json["notes"] = notes;
  return json;
}

}  // namespace fallline::report
