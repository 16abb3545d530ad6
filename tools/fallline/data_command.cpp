#include <fmt/format.h>

#include <fallline/data/embedded.hpp>
#include <fallline/data/open.hpp>
#include <fallline/data/picture.hpp>
#include <fallline/data/save.hpp>
#include <fallline/data/warnings.hpp>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "checks.hpp"
#include "command.hpp"
#include "console.hpp"
#include "data_arguments.hpp"

namespace fallline::tool {
namespace {

struct DataCommandArguments {
  Common common;
  DataArguments data;
};

std::vector<std::size_t> class_counts(const Dataset& data) {
  std::vector<std::size_t> counts(data.classes());
  for (const std::int32_t y : data.labels()) ++counts[static_cast<std::size_t>(y)];
  return counts;
}

nlohmann::ordered_json part_json(const Dataset& data) {
  nlohmann::ordered_json json{{"examples", data.size()},
                              {"features", data.features()},
                              {"cells", data.cells() == CellType::u8 ? "u8" : "f32"},
                              {"bytes", data.storage_bytes()}};
  if (data.shape())
    json["shape"] = {{"height", data.shape()->height},
                     {"width", data.shape()->width},
                     {"channels", data.shape()->channels},
                     {"interleaved", data.shape()->interleaved}};
  const auto counts = class_counts(data);
  json["classes"] = nlohmann::ordered_json::array();
  for (std::size_t c = 0; c < counts.size(); ++c)
    json["classes"].push_back({{"name", data.class_names()[c]}, {"examples", counts[c]}});
  return json;
}

void print_json(const Source& source) {
  nlohmann::ordered_json json{{"format", source.format}, {"train", part_json(source.train)}};
  if (source.test) json["test"] = part_json(*source.test);
  json["notes"] = source.notes;
  json["warnings"] = warnings_of(source);
  fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

void print_classes(const Source& source) {
  constexpr std::size_t most_classes = 50;
  const auto train = class_counts(source.train);
  const auto test = source.test ? class_counts(*source.test) : std::vector<std::size_t>{};
  fmt::print("\n{:<24} {:>9} {:>9}\n", "class", source.test ? "train" : "examples",
             source.test ? "test" : "");
  for (std::size_t c = 0; c < train.size() && c < most_classes; ++c)
    fmt::print("{:<24} {:>9} {:>9}\n", source.train.class_names()[c], train[c],
               source.test ? std::to_string(test[c]) : "");
  if (train.size() > most_classes)
    fmt::print("... {} classes in all; --format json has every one\n", train.size());
}

void print_text(const Source& source) {
  fmt::print("format      {}\n", source.format);
  fmt::print("{:<11} {}\n", source.test ? "train" : "examples", describe(source.train));
  if (source.test) fmt::print("test        {}\n", describe(*source.test));
  fmt::print("storage     {}\n", format_bytes(source.train.storage_bytes()));
  for (const std::string& note : source.notes) fmt::print("note        {}\n", note);
  for (const std::string& text : warnings_of(source)) fmt::print("warning     {}\n", text);
  if (source.train.labelled()) print_classes(source);
}

int info(const DataCommandArguments& a) {
  const Source source = load(a.data, a.common);
  if (a.common.format == "json") {
    print_json(source);
  } else {
    print_text(source);
  }
  return Exit::success;
}

void add_info(CLI::App& data, int& status) {
  auto a = std::make_shared<DataCommandArguments>();
  CLI::App* app = data.add_subcommand("info", "What is at a path: format, sizes, classes");
  add_path(*app, a->data, "File or directory; without one, the embedded picture set");
  add_reading(*app, a->data);
  add_common(*app, a->common, false);
  app->callback([a, &status] { status = info(*a); });
}

struct MakeArguments {
  EmbeddedOptions options;
  std::string directory;
  std::string preview;
  bool overwrite = false;
};

/// Ten pictures of each class, a class a row.
Picture contact_sheet(const Dataset& data) {
  constexpr std::size_t columns = 10;
  constexpr std::size_t scale = 2;
  std::vector<Picture> pictures;
  for (std::size_t c = 0; c < data.classes(); ++c)
    for (std::size_t i = 0, found = 0; i < data.size() && found < columns; ++i)
      if (data.labels()[i] == static_cast<std::int32_t>(c)) {
        pictures.push_back(enlarge(picture_of(data, i), scale));
        ++found;
      }
  return tile(pictures, columns);
}

void require_preview(const MakeArguments& a) {
  if (!a.preview.empty() && !a.overwrite && std::filesystem::exists(a.preview))
    throw Error(ErrorKind::output, {.file = a.preview}, "exists already",
                "name another, or give --overwrite");
}

int make(const MakeArguments& a) {
  require_save_place(a.directory, {.overwrite = a.overwrite});
  require_preview(a);
  const Source source = embedded(a.options);
  save(source.train, source.test ? &*source.test : nullptr, a.directory, "cifar10",
       {.overwrite = a.overwrite});
  if (!a.preview.empty()) write_png(a.preview, contact_sheet(source.train));
  fmt::print("wrote {} and {} pictures to {}\n", source.train.size(),
             source.test ? source.test->size() : 0, a.directory);
  return Exit::success;
}

void add_make(CLI::App& data, int& status) {
  auto a = std::make_shared<MakeArguments>();
  CLI::App* app = data.add_subcommand("make", "Write the embedded picture set as CIFAR-10 binary");
  app->add_option("directory", a->directory, "Where to write it")->required();
  app->add_option("--train", a->options.train, "Training pictures")->check(positive);
  app->add_option("--test", a->options.test, "Test pictures")->check(not_negative);
  app->add_option("--seed", a->options.seed, "Another seed is another set of the same kind");
  app->add_option("--preview", a->preview, "A PNG with ten pictures of each class");
  app->add_flag("--overwrite", a->overwrite, "Replace files of the same names");
  app->callback([a, &status] { status = make(*a); });
}

struct ConvertArguments {
  Common common;
  DataArguments data;
  std::string target;
  std::string format;
  bool overwrite = false;
};

std::string format_list() {
  std::string list;
  for (const FormatInfo& format : save_formats())
    list += (list.empty() ? "" : ", ") + std::string(format.name);
  return list;
}

int convert(const ConvertArguments& a) {
  require_save_place(a.target, {.overwrite = a.overwrite});
  const Source source = load(a.data, a.common);
  narrate_data(source.train, source.format, a.common.quiet);
  narrate(source.notes, a.common.quiet);
  save(source.train, source.test ? &*source.test : nullptr, a.target, a.format,
       {.overwrite = a.overwrite});
  fmt::print("wrote {} to {} as {}\n", describe(source.train), a.target, a.format);
  return Exit::success;
}

void add_convert(CLI::App& data, int& status) {
  auto a = std::make_shared<ConvertArguments>();
  CLI::App* app = data.add_subcommand("convert", "Write data in another format");
  add_path(*app, a->data, "File or directory to read")->required();
  app->add_option("target", a->target, "File or directory to write")->required();
  app->add_option("--to", a->format, "Format to write: " + format_list())->required();
  app->add_flag("--overwrite", a->overwrite, "Replace files of the same names");
  add_reading(*app, a->data);
  add_machine(*app, a->common);
  app->callback([a, &status] { status = convert(*a); });
}

}  // namespace

void add_data(CLI::App& program, int& status) {
  CLI::App* app = program.add_subcommand("data", "Look at, make and convert data");
  app->require_subcommand(1);
  add_info(*app, status);
  add_make(*app, status);
  add_convert(*app, status);
}

}  // namespace fallline::tool
